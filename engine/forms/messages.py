"""What a person reads when a value does not fit: by the validator's word, in Chinese and English."""

from typing import Any

from jsonschema.exceptions import ValidationError

_FORMATS = {
    "date": ("日期，例如 2026-02-13", "a date such as 2026-02-13"),
    "date-time": ("日期和时间", "a date and time"),
    "email": ("电子邮箱地址", "an e-mail address"),
    "time": ("时间，例如 09:30", "a time such as 09:30"),
    "uri": ("网址", "a web address"),
}
_TYPES = {
    "integer": ("整数", "a whole number"),
    "number": ("数字", "a number"),
    "string": ("文字", "a text"),
    "boolean": ("是或否", "yes or no"),
    "array": ("列表", "a list"),
    "object": ("对象", "an object"),
}


def message_of(problem: ValidationError) -> dict[str, str]:
    wanted: Any = problem.validator_value
    match problem.validator:
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else [one for one in wanted if one != "null"]
            zh, en = _TYPES.get(kinds[0] if kinds else "string", ("文字", "a text"))
            return {"zh": f"应为{zh}。", "en": f"Expected {en}."}
        case "enum" | "const":
            return {"zh": "请从选项中选择。", "en": "Please choose one of the options."}
        case "maxLength":
            return {"zh": f"最多 {wanted} 个字。", "en": f"At most {wanted} characters."}
        case "minLength":
            return {"zh": f"至少 {wanted} 个字。", "en": f"At least {wanted} characters."}
        case "maximum":
            return {"zh": f"不能大于 {wanted}。", "en": f"At most {wanted}."}
        case "minimum":
            return {"zh": f"不能小于 {wanted}。", "en": f"At least {wanted}."}
        case "exclusiveMinimum":
            return {"zh": f"应大于 {wanted}。", "en": f"More than {wanted}."}
        case "exclusiveMaximum":
            return {"zh": f"应小于 {wanted}。", "en": f"Less than {wanted}."}
        case "pattern":
            return {"zh": "格式不对。", "en": "The format is not right."}
        case "format":
            zh, en = _FORMATS.get(str(wanted), ("正确的格式", "the right format"))
            return {"zh": f"应为{zh}。", "en": f"Expected {en}."}
        case "minItems":
            return {"zh": f"至少 {wanted} 项。", "en": f"At least {wanted} entries."}
        case "maxItems":
            return {"zh": f"最多 {wanted} 项。", "en": f"At most {wanted} entries."}
        case "multipleOf":
            return {"zh": f"应为 {wanted} 的倍数。", "en": f"Expected a multiple of {wanted}."}
        case "uniqueItems":
            return {"zh": "不能重复。", "en": "No entry may stand twice."}
        case _:
            return {"zh": "填写有误。", "en": "This does not fit."}

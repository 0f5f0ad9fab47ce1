"""A small decision table as dmn-js writes one: by severity and channel, who answers."""

_NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
ROWS = (
    ('"general"', "-", '"branch"'),
    ('"safety"', '"phone"', '"office"'),
    ('"safety"', '"visit"', '"office"'),
)


def small_table(rows: tuple[tuple[str, str, str], ...] = ROWS, policy: str = "UNIQUE") -> str:
    rules = "".join(
        f'<rule id="rule_{number}"><inputEntry id="in_{number}_1"><text>{severity}</text></inputEntry>'
        f'<inputEntry id="in_{number}_2"><text>{channel}</text></inputEntry>'
        f'<outputEntry id="out_{number}"><text>{answer}</text></outputEntry></rule>'
        for number, (severity, channel, answer) in enumerate(rows, 1)
    )
    columns = "".join(
        f'<input id="{name}_column" label="{label}"><inputExpression id="{name}_expression" typeRef="string">'
        f'<text>{name}</text></inputExpression><inputValues id="{name}_values"><text>{values}</text></inputValues></input>'
        for name, label, values in (
            ("severity", "轻重", '"general","safety"'),
            ("channel", "渠道", '"phone","visit"'),
        )
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{_NAMESPACE}" id="who_definitions" name="由谁答复" '
        f'namespace="http://camunda.org/schema/1.0/dmn"><decision id="who" name="由谁答复">'
        f'<decisionTable id="who_table" hitPolicy="{policy}">{columns}'
        f'<output id="who_out" label="谁" name="who" typeRef="string" />{rules}</decisionTable></decision></definitions>'
    )

"""What the kinds of fields and of conditions are called."""

from web.languages import gettext as _


def look_words() -> dict[str, str]:
    """In the order of the list to choose from."""
    return {
        "text": _("Text, one line"),
        "textarea": _("Text, several lines"),
        "select": _("Choice from a list"),
        "radio": _("Choice with buttons"),
        "yes_no": _("Yes or no"),
        "tick": _("Box to tick"),
        "several": _("Several of a list"),
        "date": _("Date"),
        "datetime": _("Date and time"),
        "integer": _("Whole number"),
        "number": _("Number"),
        "money": _("Amount of money"),
        "user": _("Person"),
        "unit": _("Unit"),
        "file": _("Document"),
        "phone": _("Telephone"),
        "email": _("E-mail address"),
        "heading": _("Heading"),
    }


def operator_words() -> dict[str, str]:
    return {"is": _("is"), "not": _("is not"), "filled": _("is filled in")}

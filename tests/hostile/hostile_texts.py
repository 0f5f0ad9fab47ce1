"""Expressions and scripts that want more than to compute a value."""

from collections.abc import Iterator

from drawn import calculating, choosing, through, user
from hostile_diagrams import deep_script
from hostile_xml import REFUSED, Given

CONDITIONS = {
    "a command": "__import__('os').system('touch @canary@')",
    "a command, in an expression": "${__import__('os').system('touch @canary@')}",
    "all classes": "${().__class__.__bases__[0].__subclasses__()}",
    "a format that reads": '${"{0.__class__}".format(1)}',
    "an f-string": "${f'{open}'}",
    "a file": "${open('@secret@').read()}",
    "eval": "${eval('1')}",
    "getattr": "${getattr(1, '__class__')}",
    "globals": "${globals()}",
    "a lambda": "${(lambda: 1)()}",
    "a comprehension": "${[x for x in [1] for y in [2]]}",
    "an assignment": "${(x := 1)}",
    "await": "${await x}",
    "yield": "${(yield 1)}",
    "a star": "${max(*[1])}",
    "a keyword": "${max(key=1)}",
    "a power": "${9 ** 9 ** 9}",
    "a shift": "${1 << 1000000000}",
    "a long text": '${"a" * 1000000000}',
    "a long list": "${[0] * 1000000000}",
    "a number of 5,000 digits": "${" + "9" * 5_000 + " > 1}",
    "a number beyond all": "${1e999 > 1}",
    "10,000 brackets": "${" + "(" * 10_000 + "1" + ")" * 10_000 + "}",
    "10,000 lists": "${" + "[" * 10_000 + "]" * 10_000 + "}",
    "10,000 minuses": "${" + "-" * 10_000 + "1 > 0}",
    "10,000 ands": "${" + " and ".join(["a"] * 10_000) + "}",
    "10,000 plusses": "${" + "a + " * 2_400 + "a}",
    "Java": '${"".getClass().forName("java.lang.Runtime").getRuntime().exec("true")}',
    "Java, the other way": "#{T(java.lang.Runtime).getRuntime().exec('true')}",
    "FEEL": "=count(for i in 1..1000000000 return i) > 1",
    "two expressions": "${1 == 1}${__import__('os')}",
    "a line end": "${1 ==\n1\n__import__('os')}",
    "a semicolon": "${1; __import__('os')}",
    "a homoglyph": "${__\uff49mport__('os')}",
    "a soft hyphen": "${__im\u00adport__('os')}",
    "a comment": "${1 == 1 # and 1 == 2}",
    "nothing": "${}",
    "no end": "${1 == 1",
}

SCRIPTS = {
    "Python": "import os\nos.system('touch @canary@')",
    "Python, on one line": "n = __import__('os').system('touch @canary@')",
    "a loop": "while True: pass",
    "a for loop": "for n in [1]: n = n",
    "a function": "def f(): return f()\nn = f()",
    "a class": "class X: pass",
    "exec": "n = exec('1')",
    "print to a file": "print('x', file=open('@canary@', 'w'))",
    "an attribute": "n = ''.join",
    "an item of an attribute": "n.__class__ = 1",
    "del": "del n",
    "global": "global n\nn = 1",
    "a star": "*n, m = [1, 2]",
    "a backtick": "n = `id`",
}


def texts() -> Iterator[Given]:
    for name, text in CONDITIONS.items():
        # What only fails when it is asked is told of the gateway that asks it.
        at = "choose" if name in ("a keyword", "a long list") else "asked"
        yield f"condition: {name}", lambda text=text: {"hostile.bpmn": choosing(text)}, REFUSED | {"at": at}
    for name, text in SCRIPTS.items():
        made = lambda text=text: {"hostile.bpmn": calculating(text)}  # noqa: E731
        yield f"script: {name}", made, REFUSED | {"at": "calculate"}
    at = REFUSED | {"at": "calculate"}
    yield "script: 10,000 brackets", lambda: {"hostile.bpmn": deep_script(10_000)}, at
    yield "script: 400 KB", lambda: {"hostile.bpmn": calculating("n = 1\n" * 66_000)}, {}
    for language in ("groovy", "javascript", "python", "jython", "ruby"):
        yield (
            f"script: {language}",
            lambda language=language: {"hostile.bpmn": calculating("n = 1", scriptFormat=language)},
            at if language != "python" else {},
        )
    yield (
        "script: a resource of the disk",
        lambda: {"hostile.bpmn": calculating("n = 1", camunda_resource="file://@secret@")},
        {},
    )
    yield (
        "template: 50,000 expressions",
        lambda: {"hostile.bpmn": through(user("work", camunda_dueDate="${a}" * 50_000), keys=["work"])},
        REFUSED,
    )
    yield (
        "template: a class of Java",
        lambda: {
            "hostile.bpmn": through(user("work", camunda_assignee="${T(java.lang.Runtime)}"), keys=["work"])
        },
        REFUSED | {"at": "work"},
    )

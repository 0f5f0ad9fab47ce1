"""A family that has a bit of everything, and random walks over it."""

from typing import Any

from families import (
    boundary,
    call,
    catch,
    caught,
    end,
    for_each,
    gateway,
    process,
    profile,
    script,
    service,
    sub_process,
    throw,
    timer,
    user,
)

WAYS = ("call", "all", "turn", "race", "both", "job", "out")

WANDERING = process(
    "wandering",
    "in -> count -> decide -> which; "
    "which -> call_in ? way == 'call' -> meet; which -> ask_all ? way == 'all' -> meet; "
    "which -> ask_in_turn ? way == 'turn' -> meet; which -> race ? way == 'race'; "
    "race -> waited -> meet; race -> overslept -> meet; race -> answered -> meet; "
    "which -> both ? way == 'both' -> meet; which -> send ? way == 'job' -> meet; which -> out; "
    "meet -> count; late -> note_it -> noted; reminded -> remember -> remembered; "
    "refused -> refused_so -> meet; too_slow -> slow_so -> meet; both_over -> meet; escalated -> tell_it -> told",
    script("count", "rounds = rounds + 1"),
    user("decide", sla="keep"),
    gateway("which", default="out"),
    gateway("meet"),
    boundary("late", "decide", timer('${limit("keep")}'), cancels=False),
    service("note_it", "record"),
    boundary("reminded", "decide", timer("R2/PT6H", "Cycle"), cancels=False),
    script("remember", "reminders = reminders + 1"),
    call("call_in", "called_in", ins="rounds,way", outs="answer"),
    boundary("refused", "call_in", caught("error", "unreachable")),
    script("refused_so", "answer = 'refused'"),
    boundary("too_slow", "call_in", timer("P3D")),
    script("slow_so", "answer = 'slow'"),
    user("ask_all", sla="keep", inside=for_each("desks", "desk", until="nrOfCompletedInstances >= 2")),
    "<subProcess id='ask_in_turn' name='ask_in_turn'>"
    + for_each("desks", "desk", in_turn=True)
    + "<startEvent id='turn_in' name='turn_in'/><endEvent id='turn_out' name='turn_out'/>"
    + user("ask_one")
    + script("heard_one", "heard = heard + [desk]")
    + "<sequenceFlow id='t1' sourceRef='turn_in' targetRef='ask_one'/>"
    "<sequenceFlow id='t2' sourceRef='ask_one' targetRef='heard_one'/>"
    "<sequenceFlow id='t3' sourceRef='heard_one' targetRef='turn_out'/></subProcess>",
    "<eventBasedGateway id='race' name='race'/>",
    catch("waited", timer("PT5H")),
    catch("overslept", timer("1 WD")),
    catch("answered", caught("message", "answer")),
    sub_process(
        "both",
        "both_in -> split; split -> left -> join; split -> right -> shout -> join; join -> both_out",
        "<parallelGateway id='split' name='split'/><parallelGateway id='join' name='join'/>",
        user("left", sla="keep"),
        user("right"),
        throw("shout", caught("escalation", "loud")),
        sla="whole",
    ),
    boundary("both_over", "both", timer("P2D")),
    boundary("escalated", "both", caught("escalation", "loud"), cancels=False),
    user("tell_it", "outlet_head"),
    service("send", "record"),
    sla="all",
) + process(
    "called_in",
    "c_in -> c_ask -> c_which; c_which -> c_refused ? answer == 'no'; c_which -> c_out",
    user("c_ask", sla="keep"),
    gateway("c_which", default="c_out"),
    end("c_refused", caught("error", "unreachable")),
)
PROFILE = profile("wandering", {"keep": "4 WH", "whole": "1 WD", "all": "10 WD"})
FIRST: dict[str, Any] = {
    "rounds": 0,
    "reminders": 0,
    "heard": [],
    "desks": ["一", "二", "三"],
    "way": None,
    "answer": None,
}

"""Stories of the runner: each is told straight, and again with store and restore between all steps."""

import pytest
from bpmn_stories import NOW, compiled, flows, process

from engine.spiff import ElementFailed, Guards, GuardTripped

START, END = '<startEvent id="received"/>', '<endEvent id="closed"/>'


def task(name: str) -> str:
    return f'<userTask id="{name}"/>'


def boundary(name: str, host: str, event: str, cancel: bool = False) -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{str(cancel).lower()}">{event}</boundaryEvent>'


TIMER = "<timerEventDefinition><timeDuration>${limit('handle')}</timeDuration></timerEventDefinition>"


def test_a_case_goes_from_start_to_end(tell):
    story = tell(compiled(process(START + task("handle") + END + flows("received>handle", "handle>closed"))))
    assert story.places() == ["handle"]

    story.complete("handle")

    assert story.changes.ended.element_id == "closed"
    assert story.log == ["received", "handle", "closed"]


def test_parallel_branches_keep_both_of_their_results(tell):
    body = (
        START
        + '<parallelGateway id="both"/><parallelGateway id="joined"/>'
        + task("a")
        + task("b")
        + END
        + flows("received>both", "both>a", "both>b", "a>joined", "b>joined", "joined>closed")
    )
    story = tell(compiled(process(body)), refund="", reply="")

    story.complete("a", refund="approved").complete("b", reply="sent")

    assert story.scopes["case"] == {"refund": "approved", "reply": "sent"}
    assert story.run.is_completed


def test_a_late_task_stays_open_when_its_deadline_passes(tell):
    body = (
        START
        + task("handle")
        + boundary("handle_overdue", "handle", TIMER)
        + task("press")
        + END
        + '<endEvent id="pressed"/>'
        + flows("received>handle", "handle>closed", "handle_overdue>press", "press>pressed")
    )
    story = tell(compiled(process(body)))
    assert story.run.waiting[story.key("handle_overdue")].text == "${limit('handle')}"
    assert story.run.waiting[story.key("handle_overdue")].host_key == story.key("handle")

    story.fire("handle_overdue")
    assert story.places() == ["handle", "press"]
    story.complete("handle")
    assert story.places() == ["press"]
    story.complete("press")

    assert story.run.is_completed


def test_an_interrupting_deadline_takes_the_task_away(tell):
    body = (
        START
        + task("handle")
        + boundary("handle_overdue", "handle", TIMER, cancel=True)
        + task("press")
        + END
        + flows("received>handle", "handle>closed", "handle_overdue>press", "press>closed")
    )
    story = tell(compiled(process(body)))

    story.fire("handle_overdue")

    assert story.places() == ["press"]
    assert ("cancelled", "handle") in [(outcome, visit.element_id) for outcome, visit in story.changes.log]
    assert story.complete("press").run.is_completed


def rework(inner: str = "") -> str:
    return process(
        START
        + task("handle")
        + inner
        + '<exclusiveGateway id="is_satisfied" default="f_yes"/>'
        + END
        + flows("received>handle", "handle>is_satisfied", "is_satisfied>handle?not satisfied")
        + '<sequenceFlow id="f_yes" sourceRef="is_satisfied" targetRef="closed"/>'
    )


def test_a_thousand_rework_loops_keep_the_state_small(tell):
    story = tell(compiled(rework()), satisfied=False)
    story.complete("handle")
    first = len(story.run.dump())

    for _ in range(300):
        story.complete("handle")

    assert len(story.run.dump()) <= first * 1.2
    assert story.complete("handle", satisfied=True).run.is_completed


def test_a_loop_around_a_deadline_keeps_the_state_small_too(tell):
    story = tell(
        compiled(rework(boundary("late", "handle", TIMER) + '<endEvent id="told"/>' + flows("late>told"))),
        satisfied=False,
    )

    def late_pass() -> int:
        story.complete("handle").fire("late").complete("handle")
        return len(story.run.dump())

    late_pass()
    second = late_pass()
    for _ in range(60):
        last = late_pass()

    assert last <= second * 1.1
    assert story.places("timer") == ["late"]


def test_an_endless_loop_of_automatic_steps_trips_the_guard(tell):
    body = (
        START
        + '<scriptTask id="again"><script>n = n + 1</script></scriptTask>'
        + '<exclusiveGateway id="is_done" default="f_again"/>'
        + END
        + flows("received>again", "again>is_done", "is_done>closed?n &lt; 0")
        + '<sequenceFlow id="f_again" sourceRef="is_done" targetRef="again"/>'
    )
    with pytest.raises(GuardTripped) as tripped:
        tell(compiled(process(body)), n=0)
    assert tripped.value.guard == "steps"


def test_a_long_loop_of_automatic_steps_runs_to_its_end(tell):
    body = (
        START
        + '<scriptTask id="again"><script>n = n + 1</script></scriptTask>'
        + '<exclusiveGateway id="is_done" default="f_again"/>'
        + END
        + flows("received>again", "again>is_done", "is_done>closed?n == 600")
        + '<sequenceFlow id="f_again" sourceRef="is_done" targetRef="again"/>'
    )
    story = tell(compiled(process(body)), n=0)
    assert story.run.is_completed
    assert story.scopes["case"]["n"] == 600


def test_a_failing_condition_names_its_place(tell):
    story = tell(compiled(rework()))
    with pytest.raises(ElementFailed) as failed:
        story.complete("handle")
    assert failed.value.element_id == "is_satisfied"


def test_a_service_task_waits_for_its_job(tell):
    body = START + '<serviceTask id="assign" camunda:type="external" camunda:topic="assign.handler"/>' + END
    story = tell(compiled(process(body + flows("received>assign", "assign>closed"))))
    assert story.places("job") == ["assign"]

    assert story.complete("assign").run.is_completed


def test_a_business_error_goes_to_the_nearest_boundary_that_knows_it(tell):
    error = '<error id="e1" errorCode="customer_unreachable"/>'
    catch = '<errorEventDefinition errorRef="e1"/>'
    body = (
        START
        + '<subProcess id="contact"><startEvent id="begin"/>'
        + '<serviceTask id="call" camunda:type="external" camunda:topic="call"/><endEvent id="called"/>'
        + flows("begin>call", "call>called")
        + "</subProcess>"
        + boundary("unreachable", "contact", catch, cancel=True)
        + task("write")
        + END
        + flows("received>contact", "contact>closed", "unreachable>write", "write>closed")
    )
    story = tell(compiled(process(body), extra=error))
    assert story.run.throw_error(story.key("call"), "other", NOW) is None

    changes = story.run.throw_error(story.key("call"), "customer_unreachable", NOW)

    assert changes is not None
    assert story.places() == ["write"]


def test_a_called_process_sees_only_what_it_is_given_and_gives_back(tell):
    inner = process(
        START.replace("received", "r2")
        + task("investigate")
        + END.replace("closed", "c2")
        + flows("r2>investigate", "investigate>c2"),
        key="q",
    )
    outer = process(
        START
        + '<callActivity id="block" calledElement="q"/>'
        + task("reply")
        + END
        + flows("received>block", "block>reply", "reply>closed")
    )
    story = tell(compiled(outer, inner), subject="x", found="")

    story.complete("investigate", found="fault")

    assert story.scopes["case"]["found"] == "fault"
    assert list(story.scopes) == ["case"]
    assert story.places() == ["reply"]
    assert story.complete("reply").run.is_completed


def test_a_loop_around_a_called_process_keeps_the_state_small(tell):
    inner = process(
        START.replace("received", "r2")
        + task("investigate")
        + END.replace("closed", "c2")
        + flows("r2>investigate", "investigate>c2"),
        key="q",
    )
    outer = process(
        START
        + '<callActivity id="block" calledElement="q"/><exclusiveGateway id="is_satisfied" default="f_yes"/>'
        + END
        + flows("received>block", "block>is_satisfied", "is_satisfied>block?not satisfied")
        + '<sequenceFlow id="f_yes" sourceRef="is_satisfied" targetRef="closed"/>'
    )
    story = tell(compiled(outer, inner), satisfied=False)
    story.complete("investigate")
    first = len(story.run.dump())
    for _ in range(50):
        story.complete("investigate")
    assert len(story.run.dump()) <= first * 1.2
    assert story.complete("investigate", satisfied=True).run.is_completed


@pytest.mark.parametrize("sequential", [True, False])
def test_each_of_several_signers_has_an_iteration_of_its_own(tell, sequential):
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        'camunda:collection="signers" camunda:elementVariable="signer"/>'
    )
    body = START + f'<userTask id="sign">{loop}</userTask>' + END + flows("received>sign", "sign>closed")
    story = tell(compiled(process(body)), signers=["li_na", "wang_wei", "chen_bo"], signed=[])
    seen = []
    while not story.run.is_completed:
        scope = story.run.scope(story.key("sign"))
        seen.append(scope.visible()["signer"])
        story.complete("sign", signed=[*scope.visible()["signed"], seen[-1]])

    assert sorted(seen) == ["chen_bo", "li_na", "wang_wei"]
    assert story.scopes["case"]["signed"] == seen


def test_one_of_several_signers_is_enough_when_the_diagram_says_so(tell):
    loop = (
        '<multiInstanceLoopCharacteristics camunda:collection="signers" camunda:elementVariable="signer">'
        "<completionCondition>nrOfCompletedInstances >= 1</completionCondition></multiInstanceLoopCharacteristics>"
    )
    body = START + f'<userTask id="sign">{loop}</userTask>' + END + flows("received>sign", "sign>closed")
    story = tell(compiled(process(body)), signers=["li_na", "wang_wei"])

    assert story.complete("sign").run.is_completed


def test_the_first_of_two_timers_on_a_gateway_decides(tell):
    def catch(name: str) -> str:
        return f'<intermediateCatchEvent id="{name}">{TIMER}</intermediateCatchEvent>'

    body = (
        START
        + '<eventBasedGateway id="which"/>'
        + catch("long")
        + catch("short")
        + task("a")
        + task("b")
        + END
        + flows("received>which", "which>long", "which>short", "long>a", "short>b", "a>closed", "b>closed")
    )
    story = tell(compiled(process(body)))
    assert story.places("timer") == ["long", "short"]

    story.fire("short")

    assert story.places() == ["b"]
    assert story.complete("b").run.is_completed


def test_a_repeating_timer_reminds_until_the_task_is_done(tell):
    cycle = "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>"
    body = (
        START
        + task("handle")
        + boundary("remind", "handle", cycle)
        + '<serviceTask id="tell" camunda:type="external" camunda:topic="notice.send"/><endEvent id="told"/>'
        + END
        + flows("received>handle", "handle>closed", "remind>tell", "tell>told")
    )
    story = tell(compiled(process(body)))
    story.spawn("remind")
    story.complete("tell")
    story.spawn("remind")
    assert story.places("job") == ["tell"]
    story.complete("tell")
    story.complete("handle")

    assert story.run.is_completed


def test_a_message_ends_the_waiting(tell):
    catch = '<intermediateCatchEvent id="replied"><messageEventDefinition messageRef="m1"/></intermediateCatchEvent>'
    story = tell(
        compiled(
            process(START + catch + END + flows("received>replied", "replied>closed")),
            extra='<message id="m1" name="customer_replied"/>',
        )
    )
    assert story.run.waiting[story.key("replied")].text == "customer_replied"
    assert story.fire("replied").run.is_completed


def test_a_terminated_case_leaves_nothing_open(tell):
    story = tell(
        compiled(rework(boundary("late", "handle", TIMER) + '<endEvent id="told"/>' + flows("late>told"))),
        satisfied=False,
    )

    changes = story.run.terminate(NOW)

    assert story.run.is_completed
    assert {place.element_id for place in changes.closed} == {"handle", "late"}


def test_a_state_beyond_the_bound_trips_the_guard(tell):
    with pytest.raises(GuardTripped):
        tell(compiled(rework()), Guards(max_state_bytes=100), satisfied=False).run.dump()

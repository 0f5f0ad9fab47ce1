"""Two people complete one task at the same moment, over the network: one wins, the other hears who and when."""

from datetime import datetime
from functools import partial

import pytest
from at_once import at_once, failures
from rest_client import RestClient, example, typed

ROUNDS = 12


@pytest.mark.slow
def test_two_people_complete_one_task_and_one_of_them_gets_a_409_that_names_the_other(server):
    server.start()
    anna, bo = (RestClient(server, name, colleague="chen_bo") for name in ("anna", "bo"))
    for number in range(ROUNDS):
        case = started(anna, f"collision-{number}")
        (task,) = anna.get("/task", processInstanceId=case)
        body = {"variables": typed(example("record_complaint", "chen_bo"))}

        answers = at_once(
            [partial(one.send, "POST", f"/task/{task['id']}/complete", body) for one in (anna, bo)]
        )

        assert failures(answers) == []
        assert sorted(one.status_code for one in answers) == [204, 409], [one.text for one in answers]
        winner, loser = ("anna", answers[1]) if answers[0].status_code == 204 else ("bo", answers[0])
        told = loser.json()
        assert told["details"]["by"] == winner
        assert winner in told["message"]
        assert datetime.fromisoformat(told["details"]["at"])
        visits = anna.get("/history/activity-instance", processInstanceId=case, activityId="record_complaint")
        assert [visit["assignee"] or winner for visit in visits] == [winner]


def started(client, business_key):
    body = {"businessKey": business_key, "variables": typed(example("intake", "chen_bo"))}
    answer = client.send("POST", "/process-definition/key/complaint/start", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]

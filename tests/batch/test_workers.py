"""A worker that crashes, hangs or fails takes only its own job with it."""

import pytest

from workbook.pack import workers

pytestmark = pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="the machine cannot fork")


def outcomes(jobs: dict, **settings) -> dict[str, workers.Outcome]:
    return {o.key: o for o in workers.run(jobs, "tests.batch.tasks:do", **settings)}


def test_each_job_gets_its_own_outcome():
    found = outcomes({str(n): {"what": "square", "n": n} for n in range(7)}, workers=2)
    assert {key: o.result for key, o in found.items()} == {str(n): n * n for n in range(7)}


def test_fewer_than_one_worker_is_one():
    assert outcomes({"a": {"what": "square", "n": 3}}, workers=-1)["a"].result == 9


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("exit", "ended unexpectedly (exit code 7)"),
        ("kill", "ended unexpectedly (signal 9)"),
        ("hang", "took longer than 2 seconds"),
        ("raise", "met a fault of its own (ValueError: seven)"),
        ("refuse", "The plan is broken. Mend it."),
        ("leave", "met a fault of its own (SystemExit"),
    ],
)
def test_a_job_that_goes_wrong_is_said_and_the_rest_go_on(what, sentence):
    jobs = {"before": {"what": "square", "n": 2}, "bad": {"what": what}, "after": {"what": "square", "n": 3}}
    found = outcomes(jobs, workers=1, timeout=2)
    assert sentence in found["bad"].problem
    assert (found["before"].result, found["after"].result) == (4, 9)


def test_details_are_kept_for_faults_and_not_for_errors_people_can_mend():
    found = outcomes({"fault": {"what": "raise"}, "error": {"what": "refuse"}}, workers=1)
    assert "Traceback" in found["fault"].details
    assert found["error"].details == ""


def test_a_worker_sees_the_environment_of_now(monkeypatch):
    outcomes({"first": {"what": "square", "n": 1}})  # the server of the workers stands from here on
    monkeypatch.setenv("WORKBOOK_HOME", "/somewhere/else")
    assert outcomes({"home": {"what": "home"}})["home"].result == "/somewhere/else"


def test_what_a_job_prints_stays_out_of_stdout(capfd):
    outcomes({"loud": {"what": "print"}}, workers=1)
    assert capfd.readouterr().out == ""


def test_leaving_early_ends_the_workers(tmp_path):
    sign = tmp_path / "survived"
    jobs = {"quick": {"what": "square", "n": 1}, "slow": {"what": "write-late", "path": str(sign)}}
    for outcome in workers.run(jobs, "tests.batch.tasks:do", workers=2):
        assert outcome.key == "quick"
        break
    import time

    time.sleep(2.5)
    assert not sign.exists()

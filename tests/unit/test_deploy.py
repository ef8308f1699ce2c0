"""What is shipped for a cluster: files that Kubernetes could read, with commands that the programs understand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from workbook.cli import parser

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
THINGS = [thing for file in FILES for thing in yaml.safe_load_all(file.read_text(encoding="utf-8"))]
PODS = [thing["spec"]["template"]["spec"] for thing in THINGS if thing["kind"] in ("Deployment", "Job")]
CONTAINERS = [container for pod in PODS for container in pod["containers"]]


def test_each_file_holds_what_its_name_says() -> None:
    kinds = sorted(thing["kind"] for thing in THINGS)
    assert kinds == ["Deployment"] * 2 + ["Job", "NetworkPolicy"] + ["PersistentVolumeClaim"] * 2 + [
        "Service"
    ]


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda c: c["name"])
def test_the_programs_understand_their_commands(container: dict[str, Any]) -> None:
    program, verb, *words = container["command"]
    if program == "workbook":
        options = parser().parse_args([verb, *words])
        assert options.dask == "tcp://workbook-scheduler:8786"
        assert options.resume
        return
    from distributed.cli.dask_scheduler import main as scheduler
    from distributed.cli.dask_worker import main as worker

    assert program == "dask"
    {"scheduler": scheduler, "worker": worker}[verb].make_context(verb, list(words))


@pytest.mark.parametrize("pod", PODS, ids=lambda p: p["containers"][0]["name"])
def test_a_pod_may_do_little_and_has_what_it_mounts(pod: dict[str, Any]) -> None:
    assert pod["securityContext"]["runAsNonRoot"] and pod["automountServiceAccountToken"] is False
    volumes = {volume["name"] for volume in pod["volumes"]}
    for container in pod["containers"]:
        rights = container["securityContext"]
        assert rights["readOnlyRootFilesystem"] and rights["allowPrivilegeEscalation"] is False
        assert rights["capabilities"] == {"drop": ["ALL"]}
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
        assert "memory" in container["resources"]["limits"]


def test_what_is_named_is_there() -> None:
    claims = {thing["metadata"]["name"] for thing in THINGS if thing["kind"] == "PersistentVolumeClaim"}
    asked = {
        volume["persistentVolumeClaim"]["claimName"]
        for pod in PODS
        for volume in pod["volumes"]
        if "persistentVolumeClaim" in volume
    }
    assert asked == claims
    [service] = [thing for thing in THINGS if thing["kind"] == "Service"]
    labels = [t["spec"]["template"]["metadata"]["labels"] for t in THINGS if t["kind"] == "Deployment"]
    assert service["spec"]["selector"] in labels
    assert all(label["app"] == "workbook" for label in labels), "the network policy covers them"


def test_the_image_is_the_version_of_the_program() -> None:
    from workbook import __version__

    assert {container["image"] for container in CONTAINERS} == {f"commissioning-workbook:{__version__}"}

"""The reports of `badgateway verify` as files: JUnit, JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree as ET

from badgateway.cli.verify_table import HEADS, cells_of
from badgateway.errors import EnvironmentProblem
from badgateway.report.clean import printable
from badgateway.report.markdown import escape, table
from badgateway.verify.tried import Finding, Tried

FILES = {"junit": "junit.xml", "json": "report.json", "markdown": "summary.md"}
KINDS = tuple(FILES)
SCHEMA = "badgateway.verify/1"


def write(kind: str, folder: Path, rows: Sequence[Tried]) -> Path:
    """Write one kind of report and give where; raises EnvironmentProblem where the folder refuses it."""
    path = folder / FILES[kind]
    text = {"junit": as_junit, "json": as_json, "markdown": as_markdown}[kind](rows)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise EnvironmentProblem(
            f"the report {kind} cannot be written to {folder}: {error.strerror}"
        ) from error
    return path


def as_json(rows: Sequence[Tried]) -> str:
    """Give every row whole, and whether all is well."""
    listed = [{**asdict(row), "state": row.state} for row in rows]
    document = {"schema": SCHEMA, "is_well": all(row.is_well for row in rows), "rows": listed}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_junit(rows: Sequence[Tried]) -> str:
    """Give a suite for each row; a broken promise is a failure, what could not be tried an error."""
    root = ET.Element("testsuites", {"name": "badgateway verify"})
    for row in rows:
        _suite(root, row)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, row: Tried) -> None:
    name = ": ".join(part for part in (row.boundary, row.tool, row.subject) if part)
    suite = ET.SubElement(root, "testsuite", {"name": printable(name), "time": f"{row.real_ms / 1000:.3f}"})
    found: dict[str, list[Finding]] = {}
    for finding in row.findings:
        found.setdefault(finding.about, []).append(finding)
    for about in dict.fromkeys((*row.names, *found)):
        case = ET.SubElement(suite, "testcase", {"classname": printable(name), "name": printable(about)})
        for finding in found.get(about, ()):
            tag = "failure" if finding.broken_by else "error"
            blamed = (
                f"{finding.broken_by} broke its promise" if finding.broken_by else "it could not be tried"
            )
            outcome = ET.SubElement(
                case, tag, {"message": printable(blamed), "type": finding.check or row.tool}
            )
            outcome.text = printable("\n".join(filter(None, (*finding.told, finding.curl, row.again))))
    for problem in row.problems:
        case = ET.SubElement(suite, "testcase", {"classname": printable(name), "name": "all of it was tried"})
        ET.SubElement(case, "error", {"message": printable(problem), "type": row.tool})
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", str(sum(case.find("error") is not None for case in cases)))


def as_markdown(rows: Sequence[Tried]) -> str:
    """Give the table, and below it what was not kept."""
    broken = sum(len(row.findings) for row in rows)
    head = (
        "every promise was kept" if all(row.is_well for row in rows) else f"{broken} promises were not kept"
    )
    lines = [f"## badgateway verify: {head}", "", *table(HEADS, [cells_of(row) for row in rows]), ""]
    for row in rows:
        for finding in row.findings:
            whose = f"{finding.broken_by} broke its promise" if finding.broken_by else "could not be tried"
            lines += [f"- **{escape(finding.about)}**: {escape(whose)}"]
            lines += [f"  - {escape(sentence)}" for sentence in finding.told]
        lines += [f"- {escape(row.boundary)}: {escape(problem)}" for problem in row.problems]
        lines += [f"  `{row.again}`"] if row.again and not row.is_well else []
    return "\n".join([*lines, ""])

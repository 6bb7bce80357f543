"""Executes a notebook headless and exports it to HTML.

usage: execute.py NOTEBOOK EXECUTED.ipynb REPORT.html

Writes one JSON object a line to standard output: {"cell", "of", "title", "seconds"} for each code cell that has run,
{"error", "cell", "title"} for one that failed. What has been executed so far is saved in either case.
Python, because nbclient and nbconvert, Jupyter's own tools for this, are.
"""

import copy
import json
import secrets
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter


def say(**fields):
    print(json.dumps(fields), flush=True)


def title_of(notebook, index):
    """The last heading before a cell."""
    for cell in reversed(notebook.cells[:index]):
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("#"):
                    return line.lstrip("# ")
    return ""


def text_of_failure(cell):
    """What the cell itself printed as its error: tslab sends it as a stream, not as an error message."""
    streams = [out.text for out in cell.outputs if out.output_type == "stream" and out.name == "stderr"]
    return "".join(streams).strip()


def policy_of(nonce):
    """What the report may do: run the scripts that have the nonce, and load nothing. No attribute and no link runs one."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
        "worker-src blob:; base-uri 'none'; form-action 'none'"
    )


def save_html(notebook, path):
    nonce = secrets.token_urlsafe(32)
    notebook = copy.deepcopy(notebook)
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        # Outputs that a chart or Plotly itself has made say so; a text that strangers wrote can not.
        if output.get("metadata", {}).get("live") is True and "text/html" in output.data:
            output.data["text/html"] = output.data["text/html"].replace("<script>", f'<script nonce="{nonce}">', 1)
    # The report must open without a network: no script is fetched from elsewhere.
    exporter = HTMLExporter(require_js_url="", mathjax_url="", mermaid_js_url="", mermaid_layout_elk_js_url="")
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": notebook.metadata.get("title", path.stem)}})
    head, rest = body.split("</head>", 1)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{policy_of(nonce)}">'
    head = head.replace("<script", f'<script nonce="{nonce}"').replace("<head>", f"<head>{policy}", 1)
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    path.write_text(f"{head}<style>\n{style}</style>\n</head>{rest}", encoding="utf-8")


def main(source, executed, report):
    notebook = nbformat.read(source, as_version=4)
    code_cells = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
    began = {}

    def on_start(cell, cell_index):
        began[cell_index] = time.monotonic()

    def on_executed(cell, cell_index, execute_reply):
        if execute_reply["content"]["status"] == "ok":
            seconds = round(time.monotonic() - began[cell_index], 2)
            number = code_cells.index(cell_index) + 1
            say(cell=number, of=len(code_cells), title=title_of(notebook, cell_index), seconds=seconds)

    client = NotebookClient(
        notebook,
        kernel_name=notebook.metadata.kernelspec.name,
        timeout=None,
        coalesce_streams=True,
        resources={"metadata": {"path": str(source.parent)}},
        on_cell_execute=on_start,
        on_cell_executed=on_executed,
    )
    status = 0
    try:
        # On SIGTERM and SIGINT nbclient ends the kernel, and this raises.
        client.execute()
    except (CellExecutionError, DeadKernelError) as failure:
        index = max(began)
        text = text_of_failure(notebook.cells[index]) or str(failure).strip().splitlines()[-1]
        say(error=text, cell=code_cells.index(index) + 1, title=title_of(notebook, index))
        status = 1
    finally:
        nbformat.write(notebook, executed)
        save_html(notebook, report)
    return status


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4])))

"""Executes the notebook given in place, then writes it beside as HTML that asks nothing of the network."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

path = Path(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
# The last cell may fail: what the reader then sees is part of the test. (nbclient skips cells after a failing one.)
client = NotebookClient(
    notebook, timeout=120, allow_errors=True, coalesce_streams=True, resources={"metadata": {"path": str(path.parent)}}
)
client.execute()
nbformat.write(notebook, path)
exporter = HTMLExporter(require_js_url="", mathjax_url="", mermaid_js_url="", mermaid_layout_elk_js_url="")
page, _ = exporter.from_notebook_node(notebook)
path.with_suffix(".html").write_text(page, encoding="utf-8")

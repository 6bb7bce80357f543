"""The page of an executed notebook: HTML that opens without a network and runs no script but the notebook's own."""

import copy
import secrets
from pathlib import Path

from nbconvert import HTMLExporter


def policy_of(nonce):
    """What the report may do: run the scripts that have the nonce, and load nothing. No attribute and no link runs one."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
        "worker-src blob:; base-uri 'none'; form-action 'none'"
    )


def page_of(notebook, name):
    """The page as text. `name` is its title where the notebook has none."""
    nonce = secrets.token_urlsafe(32)
    notebook = copy.deepcopy(notebook)
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        # Outputs that a chart or Plotly itself has made say so; a text that strangers wrote can not.
        if output.get("metadata", {}).get("live") is True and "text/html" in output.data:
            output.data["text/html"] = output.data["text/html"].replace("<script>", f'<script nonce="{nonce}">', 1)
    # The report must open without a network: no script is fetched from elsewhere.
    exporter = HTMLExporter(require_js_url="", mathjax_url="", mermaid_js_url="", mermaid_layout_elk_js_url="")
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": notebook.metadata.get("title", name)}})
    head, rest = body.split("</head>", 1)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{policy_of(nonce)}">'
    head = head.replace("<script", f'<script nonce="{nonce}"').replace("<head>", f"<head>{policy}", 1)
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    return f"{head}<style>\n{style}</style>\n</head>{rest}"

"""Runs cells in the TypeScript kernel and interrupts those that say so. Reads from standard input a JSON list of
{"source", "interruptAfter": text of an output, or null}; writes a JSON list of {"status", "outputs": [text]}.

usage: interrupt_cells.py
"""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel

DEADLINE = 300


def text_of(content):
    return content.get("text") or content.get("data", {}).get("text/plain", "")


def run(client, manager, source, interrupt_after):
    """Runs one cell to its reply and a second beyond."""
    message = client.execute(source)
    outputs, status, interrupted = [], None, False
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        try:
            seen = client.get_iopub_msg(timeout=0.1)
            content = seen["content"]
            if seen["msg_type"] in ("stream", "display_data", "update_display_data"):
                outputs.append(text_of(content))
        except Exception as nothing:
            if type(nothing).__name__ != "Empty":
                raise
        if interrupt_after is not None and not interrupted and any(interrupt_after in text for text in outputs):
            manager.interrupt_kernel()
            interrupted = True
        try:
            reply = client.get_shell_msg(timeout=0.01)
            if reply["parent_header"].get("msg_id") == message:
                status = reply["content"]["status"]
                # What an interrupted cell still has to say; and after a cell that failed the kernel refuses everything for 0.2 s.
                end = time.monotonic() + 1
        except Exception as nothing:
            if type(nothing).__name__ != "Empty":
                raise
    return {"status": status or "no reply", "outputs": outputs}


def main():
    # What the kernel itself prints must not stand between the answers.
    manager, client = start_new_kernel(kernel_name="tslab", startup_timeout=DEADLINE, stdout=sys.stderr)
    try:
        answers = []
        for cell in json.load(sys.stdin):
            answers.append(run(client, manager, cell["source"], cell.get("interruptAfter")))
        print(json.dumps(answers))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


main()

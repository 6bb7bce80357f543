"""Executes a notebook headless and exports it to HTML.

usage: execute.py NOTEBOOK EXECUTED.ipynb REPORT.html

Writes one JSON object a line to standard output: {"kernel"}, the process id of the kernel, once it is started;
{"begun", "title"} for each code cell that begins, {"cell", "of", "title", "seconds", "printed"} for one that has run,
with what it left on standard error; {"error", "title"} for whatever ends the run early, the first of several first.
What has been executed so far is saved however the run ends, and the kernel does not outlive it.
Python, because nbclient and nbconvert, Jupyter's own tools for this, are.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

# Whatever else is printed here, by Jupyter's libraries or the kernel itself, must not come between the JSON.
REPORTS = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

# Where JupyterLab is installed, jsonschema makes the grammar of IRIs as it is imported: two seconds, and notebooks have none.
sys.modules["rfc3987_syntax"] = None

import nbformat  # noqa: E402
import psutil  # noqa: E402
from jupyter_client import AsyncKernelManager  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from page import page_of  # noqa: E402

# On a busy machine both can take much longer than Jupyter's own 60 and 4 seconds, and the latter is paid with lost output.
START_SECONDS = 300
OUTPUT_SECONDS = 120
# How long a kernel may take to end when it is asked to.
END_SECONDS = 15


def say(**fields):
    try:
        print(json.dumps(fields), file=REPORTS, flush=True)
    except OSError:
        pass  # Whoever started us is gone; what can be saved is saved all the same.


def title_of(notebook, index):
    """The last heading before a cell."""
    for cell in reversed(notebook.cells[:index]):
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("#"):
                    return line.lstrip("# ")
    return ""


def text_on_stderr(cell):
    """What the cell itself printed, its error too: tslab sends it as a stream, not as an error message."""
    streams = [out.text for out in cell.outputs if out.output_type == "stream" and out.name == "stderr"]
    return "".join(streams).strip()


def text_of(failure):
    """One line, also of an exception without a message, as assertions are."""
    lines = str(failure).strip().splitlines()
    return lines[-1] if lines else type(failure).__name__


class Run:
    """One run of a notebook in a kernel of its own."""

    def __init__(self, notebook, folder):
        self.notebook = notebook
        self.manager = AsyncKernelManager(kernel_name=notebook.metadata.kernelspec.name)
        # nbclient neither starts nor ends the kernel: its own clean-up asserts what is not so after some failures.
        self.client = NotebookClient(
            notebook,
            km=self.manager,
            timeout=None,
            iopub_timeout=OUTPUT_SECONDS,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
        )
        self.kernel = None
        self.stopped = None

    async def start(self):
        await self.client.async_start_new_kernel()
        self.kernel = self.manager.provisioner.pid
        say(kernel=self.kernel)
        channels = self.client.kc = self.manager.client()
        channels.start_channels()
        channels.allow_stdin = False
        await channels.wait_for_ready(timeout=START_SECONDS)
        info = await self.client.async_wait_for_reply(channels.kernel_info())
        self.notebook.metadata["language_info"] = info["content"]["language_info"]

    async def run_cell(self, index, number, of):
        cell = self.notebook.cells[index]
        title = title_of(self.notebook, index)
        say(begun=number, title=title)
        began = time.monotonic()
        statuses = []
        self.client.on_cell_executed = lambda execute_reply, **_: statuses.append(execute_reply["content"]["status"])
        try:
            await self.client.async_execute_cell(cell, index, execution_count=number)
            # The reply alone tells a cell that failed from one that has printed a warning.
            if statuses != ["ok"]:
                raise RuntimeError(f"the kernel answered with {statuses}")
        except Exception as failure:
            text = self.stopped or (text_on_stderr(cell) if statuses else "") or text_of(failure)
            cell.outputs.append(nbformat.v4.new_output("error", ename="Error", evalue=text))
            say(error=text, title=title)
            return False
        seconds = round(time.monotonic() - began, 2)
        say(cell=number, of=of, title=title, seconds=seconds, printed=text_on_stderr(cell))
        return True

    async def run_cells(self):
        try:
            await self.start()
        except Exception as failure:
            kernel = self.manager.kernel_name
            say(error=self.stopped or f"The kernel {kernel!r} did not start: {text_of(failure)}")
            return False
        cells = self.notebook.cells
        code_cells = [index for index, cell in enumerate(cells) if cell.cell_type == "code" and cell.source.strip()]
        for number, index in enumerate(code_cells, 1):
            if not await self.run_cell(index, number, len(code_cells)):
                return False
        return True

    async def end_kernel(self):
        """Asks it to end, and ends it, with all it has started."""
        if self.kernel is None:
            return
        try:
            kernel = psutil.Process(self.kernel)
            family = [*kernel.children(recursive=True), kernel]
        except psutil.NoSuchProcess:
            family = []
        try:
            if self.client.kc is not None:
                self.client.kc.stop_channels()
            at_once = self.stopped is not None
            await asyncio.wait_for(self.manager.shutdown_kernel(now=at_once), END_SECONDS)
        except BaseException as failure:
            # Not the run's failure: the signals below do what this was to do.
            print(f"ending the kernel: {text_of(failure)}", file=sys.stderr)
        # By its group, too: what a kernel that has died has left is nobody's child any more.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.kernel, signal.SIGKILL)
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def stop(self, name):
        self.stopped = f"stopped by {name}"
        self.running.cancel()

    async def to_its_end(self):
        """Whether every cell has run. SIGTERM and SIGINT stop it at once."""
        self.running = asyncio.ensure_future(self.run_cells())
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(each, self.stop, each.name)
        try:
            return await self.running
        except asyncio.CancelledError:
            say(error=self.stopped)
            return False
        except BaseException as failure:
            say(error=f"The notebook runner failed: {text_of(failure)}")
            return False
        finally:
            await self.end_kernel()


def write_whole(path, text):
    """The file is there with all of the text, or as it was before."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        # Half of a surrogate pair, which JavaScript can print, has no UTF-8; its escape is what JSON writes for it.
        with open(partial, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def save(what, path, text):
    """Whether the file could be made, by `text`, and written."""
    try:
        write_whole(path, text())
        return True
    except Exception as failure:
        say(error=f"The {what} could not be saved as {path}: {text_of(failure)}")
        return False


async def main(source, executed, report):
    try:
        notebook = nbformat.read(source, as_version=4)
        run = Run(notebook, source.parent)
    except Exception as failure:
        say(error=f"The notebook {source} could not be read: {text_of(failure)}")
        return 1
    # Signals are still caught while the files are written.
    done = await run.to_its_end()
    saved = save("executed notebook", executed, lambda: nbformat.writes(notebook) + "\n")
    exported = save("page of the notebook", report, lambda: page_of(notebook, report.stem))
    return 0 if done and saved and exported else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*map(Path, sys.argv[1:4]))))

"""Runs the script of a Glue job: run_script.py FAILURE SCRIPT ARGUMENT...

Whatever ends the script by an exception is a failure of the run, sys.exit(0) too: it is written to the file FAILURE, as JSON.
"""

import json
import os
import runpy
import sys
import traceback


def describe(error: BaseException, script: str) -> dict:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == script]
    if isinstance(error, SyntaxError):
        lines = [error.lineno]
    # What came of a call into Spark's own process: its sentence, without the Java stack.
    java = getattr(error, "java_exception", None)
    message = str(error)
    if java is not None:
        message = message.split("\n")[0] + " " + str(java.getMessage() or java.toString())
    return {
        "type": type(error).__name__,
        "message": message,
        "line": lines[-1] if lines else None,
        "from_java": java is not None,
    }


def main() -> None:
    failure, script = sys.argv[1:3]
    sys.argv = sys.argv[2:]
    sys.path[0] = os.path.dirname(script)
    try:
        runpy.run_path(script, run_name="__main__")
    except BaseException as error:
        with open(failure, "w", encoding="utf-8") as file:
            json.dump(describe(error, script), file)
        traceback.print_exc()
        sys.exit(1)


main()

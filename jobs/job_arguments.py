"""The arguments of the jobs: `--name value`, as Glue passes them and as somebody types them."""

import argparse
import re
from difflib import get_close_matches

# Those of every job, with their defaults.
CONNECTION = {
    "region": None,
    "keyspaces_endpoint": None,
    "ca_file": None,
    "fips": "false",
    "kms_key": None,
    "run": None,
    "made_for": None,
}


class JobError(Exception):
    """Something that the reader can understand, and perhaps mend."""


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        raise JobError(f"read the arguments: {message}")


def read_arguments(argv, needed, optional):
    """
    Glue's arguments, `--name value`, as a dict; every value is a text, or the default. Read as `getResolvedOptions` of Glue does it, which
    is argparse as well, but cannot leave arguments out and takes an abbreviation for its argument.
    """
    options = {**dict.fromkeys(needed), **CONNECTION, **optional}
    parser = Arguments(allow_abbrev=False, add_help=False)
    for name in options:
        parser.add_argument(f"--{name}")
    values, others = parser.parse_known_args(argv[1:])
    require_of_glue(others, options)
    given = {name: value for name, value in vars(values).items() if value is not None}
    missing = [name for name in needed if not given.get(name)]
    if missing:
        raise JobError(f"read the arguments: --{missing[0]} is missing")
    arguments = {name: given.get(name, default) for name, default in options.items()}
    one_of(arguments, "fips", "true", "false")
    return arguments


# Glue hands its own arguments, and bare words such as "true", to the script as well. Each run has one of the first; the names of the others
# have capitals or hyphens, as ours have not, or are one of these four.
# https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
OF_A_RUN = ("--JOB_NAME", "--JOB_RUN_ID")
OF_GLUE = re.compile(r"--(.*[A-Z-].*|class|conf|debug|mode)")


def require_of_glue(words, options):
    """Words that no option takes have to be Glue's: else somebody meant something by them, and would get the defaults."""
    names = [word.split("=")[0] for word in words]
    on_glue = any(name in OF_A_RUN for name in names)
    for before, name in zip(["", *names], names):
        spelt = name.lstrip("-").lower().replace("-", "_")
        # What follows one of Glue's is its value, which may look like a name: "--upgrade".
        if on_glue and not (name.startswith("-") and spelt in options):
            if not name.startswith("-") or OF_GLUE.fullmatch(name) or OF_GLUE.fullmatch(before):
                continue
        if not name.startswith("-"):
            raise JobError(f"read the arguments: {name!r} belongs to no argument")
        like = get_close_matches(spelt, options, n=1)
        raise JobError(f"read the arguments: there is no {name}" + (f"; is --{like[0]} meant?" if like else ""))


def one_of(arguments, name, *allowed):
    value = arguments[name]
    if value not in allowed:
        raise JobError(f"read the arguments: --{name} has to be one of {', '.join(allowed)}, not {value!r}")
    return value


def whole_number(arguments, name, least=1):
    value = arguments[name]
    if not re.fullmatch(r"\d{1,9}", value) or int(value) < least:
        raise JobError(f"read the arguments: --{name} has to be a whole number of {least} or more, not {value!r}")
    return int(value)

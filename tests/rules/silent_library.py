"""The library never prints and never ends the process: its objects refer to no symbol that does either.

usage: silent_library.py ARCHIVE

Only our own objects are in the archive. What they may not refer to: functions that write to a standard stream without being
handed one, the standard streams themselves, and functions that end the process. std::terminate is what the compiler itself
calls for an exception that leaves a noexcept function, and stays allowed.
"""
import pathlib
import re
import subprocess
import sys

FORBIDDEN = {
    # C output, also as the fortified calls that _FORTIFY_SOURCE makes of it
    "printf", "__printf_chk", "vprintf", "__vprintf_chk", "puts", "putchar", "perror", "psignal", "syslog",
    "stdout", "stderr",
    # std::cout, std::cerr, std::clog, their wide twins, and the initialiser that including <iostream> leaves
    "_ZSt4cout", "_ZSt4cerr", "_ZSt4clog", "_ZSt5wcout", "_ZSt5wcerr", "_ZSt5wclog", "_ZNSt8ios_base4InitC1Ev",
    # the end of the process
    "exit", "_exit", "_Exit", "quick_exit", "abort", "err", "errx", "error",
}
# "<archive>:<object>:                 U <symbol>@<version>"
LINE = re.compile(r"(?:.*:)?(?P<object>[^:]+):\s+U (?P<symbol>[^@\s]+)")


def violations(archive):
    listing = subprocess.run(["nm", "--print-file-name", "--undefined-only", str(archive)], capture_output=True, text=True,
                             check=True).stdout
    references = [match for line in listing.splitlines() if (match := LINE.fullmatch(line.strip()))]
    if not references:
        yield f"{archive}: nm shows no reference at all; is this the library?"
    for match in references:
        if match["symbol"] in FORBIDDEN:
            yield f"{match['object']} refers to {match['symbol']}"


if __name__ == "__main__":
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(1 if found else 0)

"""Writes build/trace.ld: which functions a trace runs, in the order that valgrind met them. `just order` calls it.

order.py PROGRAM CALLGRIND_OUTPUT... : the program unstripped, the outputs made with --demangle=no.
Hashes and crate numbers become wildcards, so that the list outlives the compiler that it was made with. What the compiler takes
for unlikely, such as the growing of a vector, stands in sections of another name.
"""

import re
import subprocess
import sys

HEAD = """/* What a trace runs stands together, so that few pages have to be brought in at each start. Made by `just order`; a name that no
   longer fits leaves its code where it was. Taken in by build.rs, where the linker takes it. */
SECTIONS { .text.trace : {
"""


def functions(program):
    symbols = subprocess.run(["nm", "--defined-only", program], capture_output=True, text=True, check=True).stdout
    rows = (line.split(" ") for line in symbols.splitlines())
    return {row[2] for row in rows if len(row) == 3 and row[1] in "tTwW"}


def executed(output):
    with open(output) as lines:
        found = (re.match(r"c?fn=\(\d+\) (.*)$", line.rstrip("\n")) for line in lines)
        return [match[1].split("'")[0] for match in found if match]


def pattern(name):
    name = re.sub(r"17h[0-9a-f]{16}E", "17h*", name)
    name = re.sub(r"(?<=Cs)[0-9A-Za-z]+_", "*_", name)
    return re.sub(r"\.\d+$", "*", name)


program, *outputs = sys.argv[1:]
known = functions(program)
met = [name for output in outputs for name in executed(output) if name in known]
with open("build/trace.ld", "w") as script:
    rows = dict.fromkeys(f"*(.text.{name} .text.unlikely.{name})\n" for name in map(pattern, met))
    script.write(HEAD + "".join(rows) + "} } INSERT BEFORE .text;\n")

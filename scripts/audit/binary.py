"""What a Linux x86-64 program can do with sockets, read from its machine code.

A list of imported symbols alone would mislead: Rust crates also make system calls without the C library.
So the whole program is disassembled, and every place that reaches the network is named by its function:
calls through the C library, bare `syscall` instructions, and numbers handed to the C library's `syscall`.
Where a socket is made, the address family is read from the last write to the argument's register.
The reading is linear, as compilers write code; what it can't follow is reported as a `pointer` or as `?`.
"""
import re
import subprocess
from dataclasses import dataclass

# System calls by number (x86-64), for those that touch sockets or start programs.
NETWORK_CALLS = {
    41: "socket", 42: "connect", 43: "accept", 44: "sendto", 45: "recvfrom", 46: "sendmsg", 47: "recvmsg",
    48: "shutdown", 49: "bind", 50: "listen", 51: "getsockname", 52: "getpeername", 53: "socketpair",
    54: "setsockopt", 55: "getsockopt", 59: "execve", 288: "accept4", 299: "recvmmsg", 307: "sendmmsg",
    322: "execveat", 425: "io_uring_setup", 426: "io_uring_enter", 427: "io_uring_register",
}
# Functions of the C library with the same power, or which look names up or start programs.
NETWORK_SYMBOLS = set(NETWORK_CALLS.values()) | set(
    "send recv getaddrinfo freeaddrinfo getnameinfo gethostbyname gethostbyname_r gethostbyaddr res_query "
    "if_nametoindex if_nameindex getifaddrs inet_pton execl execlp execle execv execvp execvpe fexecve "
    "posix_spawn posix_spawnp system popen fork vfork dlopen dlsym".split()
)
FAMILIES = {1: "AF_UNIX", 2: "AF_INET", 10: "AF_INET6", 16: "AF_NETLINK", 17: "AF_PACKET"}
MAKES_SOCKET = {"socket", "socketpair"}

# How many instructions before a call are searched for what its registers hold.
WINDOW = 40


@dataclass(frozen=True, order=True)
class Site:
    """A place in the program that reaches the network, or may."""

    call: str  # such as `socket`; `syscall ?` where the number is not known
    family: str  # of a new socket; `-` where the call makes none; `?` where it is not a constant
    function: str  # that it stands in, demangled
    way: str  # `library`, `instruction`, `pointer`

    def __str__(self) -> str:
        return f"{self.call} {self.family} in {self.function} ({self.way})"


def network_sites(program: str) -> list[Site]:
    """Every place in the program that reaches the network, or may."""
    slots, pointers, own = relocations(program)
    sites = {Site(symbol, "?", "a table of pointers", "pointer") for symbol in pointers}
    wrappers: dict[int, tuple[Site, str]] = {}
    for address, function, lines in functions(program):
        found = {site for site in function_sites(function, lines, slots) if site.call}
        for site in found:
            if site.family == "?" and (register := handed_on(lines)):
                wrappers[address] = (site, register)
        sites |= found
    for address, (site, register) in wrappers.items():
        callers = set(wrapper_callers(program, address, own, site, register))
        sites = (sites - {site}) | (callers or {site})
    return sorted(sites)


def handed_on(lines: list[str]) -> str | None:
    """The argument of a function that it hands on as the family of the socket it makes."""
    for at, line in enumerate(lines):
        if copied := re.match(r"mov\s+%e(si|dx|cx),%edi$", line):
            register = copied.group(1)
            written = any(re.search(rf",%[er]{register}$", earlier) for earlier in lines[:at])
            return None if written else register
    return None


def wrapper_callers(program: str, address: int, own: dict[int, int], site: Site, register: str):
    """Yields the site once for each function that calls the wrapper, with the family that it asks for."""
    named = re.compile(rf"\b{address:x} <")
    for _, function, lines in functions(program):
        for at, line in enumerate(lines):
            slot = re.search(r"#\s*([0-9a-f]+)\b", line)
            if not named.search(line) and not (slot and own.get(int(slot.group(1), 16)) == address):
                continue
            called = line.startswith(("call", "jmp"))
            value = constant(lines[max(0, at - WINDOW) : at], register) if called else None
            family = "?" if value is None else FAMILIES.get(value, f"family {value}")
            yield Site(site.call, family, function, "library" if called else "pointer")


def function_sites(function: str, lines: list[str], slots: dict[int, str]):
    """Yields the sites of one function; those that do not touch the network have an empty call."""
    held: dict[str, str] = {}  # imported functions by the register that holds their address
    called: set[str] = set()
    for at, line in enumerate(lines):
        before = lines[max(0, at - WINDOW) : at]
        loaded = re.match(r"mov\s.*,%(\w+)\s+#", line)
        symbol = called_symbol(line, slots)
        if symbol and not loaded:
            yield call_site(function, before, symbol, "library" if line.startswith(("call", "jmp")) else "pointer")
        elif symbol and loaded:
            held[loaded.group(1)] = symbol
        elif through := re.match(r"(?:call|jmp)\s+\*%(\w+)$", line):
            if symbol := held.get(through.group(1)):
                called.add(symbol)
                yield call_site(function, before, symbol, "library")
        elif line.startswith("syscall"):
            yield numbered_site(function, before, constant(before, "ax"), "instruction")
        elif re.match(r"int\s+\$0x80|sysenter", line):
            yield Site("syscall ?", "-", function, "instruction")
        else:
            for register in [register for register in held if f"%{register}" in line]:
                overwritten = line.endswith(f",%{register}") or line.startswith("pop")
                symbol = held.pop(register)
                if not overwritten or symbol not in called:
                    yield call_site(function, before, symbol, "pointer")
    for symbol in set(held.values()) - called:
        yield call_site(function, [], symbol, "pointer")


def call_site(function: str, before: list[str], symbol: str, way: str) -> Site:
    if symbol == "syscall":
        return numbered_site(function, before, constant(before, "di") if way == "library" else None, way)
    if symbol in NETWORK_SYMBOLS:
        return Site(symbol, family_of(symbol, way, before), function, way)
    return Site("", "-", function, way)


def family_of(symbol: str, way: str, before: list[str]) -> str:
    if symbol not in MAKES_SOCKET:
        return "-"
    number = constant(before, "di") if way == "library" else None
    return "?" if number is None else FAMILIES.get(number, f"family {number}")


def numbered_site(function: str, before: list[str], number: int | None, way: str) -> Site:
    """A system call by number; one that does not touch the network has an empty name."""
    if number is None:
        return Site("syscall ?", "-", function, way)
    call = NETWORK_CALLS.get(number, "")
    family = "-"
    if call in MAKES_SOCKET:
        # Handed to the C library's `syscall`, arguments stand one register further.
        value = constant(before, "di" if way == "instruction" else "si")
        family = "?" if value is None else FAMILIES.get(value, f"family {value}")
    return Site(call, family, function, way)


def constant(before: list[str], register: str) -> int | None:
    """What the last write to a register put there, if it is a constant."""
    target = rf"%[er]{register}$"
    for position in range(len(before) - 1, -1, -1):
        instruction = before[position]
        if not re.search(target, instruction) or instruction.startswith(("cmp", "test", "push", "call", "jmp")):
            continue
        if moved := re.match(r"mov\w*\s+\$0x([0-9a-f]+),", instruction):
            return int(moved.group(1), 16)
        if re.match(rf"xor\s+%[er]{register},%[er]{register}", instruction):
            return 0
        if instruction.startswith("pop") and position and (
            pushed := re.match(r"push\s+\$0x([0-9a-f]+)", before[position - 1])
        ):
            return int(pushed.group(1), 16)
        return None
    return None


def called_symbol(instruction: str, slots: dict[int, str]) -> str | None:
    """The imported symbol that an instruction names: by its stub, or by its slot in the table of imports."""
    if stub := re.search(r"<([A-Za-z_]\w*)@(?:plt|GLIBC)", instruction):
        return stub.group(1)
    if address := re.search(r"#\s*([0-9a-f]+)\b", instruction):
        return slots.get(int(address.group(1), 16))
    return None


def relocations(program: str) -> tuple[dict[int, str], set[str], dict[int, int]]:
    """Slots of imported functions by address, network symbols whose address stands in data, and slots of own functions."""
    slots, pointers, own = {}, set(), {}
    for line in output("readelf", "-rW", program):
        fields = line.split()
        if len(fields) == 4 and fields[2] == "R_X86_64_RELATIVE":
            own[int(fields[0], 16)] = int(fields[3], 16)
        if len(fields) < 5 or not fields[2].startswith("R_X86_64"):
            continue
        symbol = fields[4].split("@")[0]
        if fields[2] in ("R_X86_64_GLOB_DAT", "R_X86_64_JUMP_SLOT", "R_X86_64_JUMP_SLO"):
            slots[int(fields[0], 16)] = symbol
        elif symbol in NETWORK_SYMBOLS | {"syscall"}:
            pointers.add(symbol)
    return slots, pointers, own


def functions(program: str):
    """Yields (address, name, instructions) of each function, without the stubs of imports."""
    address, name, lines = 0, "?", []
    for line in output("objdump", "-d", "--no-show-raw-insn", "-C", program):
        if heading := re.match(r"^([0-9a-f]+) <(.*)>:$", line):
            yield address, name, lines
            address, name, lines = int(heading.group(1), 16), heading.group(2), []
        elif "\t" in line and "@plt" not in name:
            lines.append(line.split("\t", 1)[1].strip())
    yield address, name, lines


def output(*command: str):
    """Yields a command's lines."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as process:
        yield from (line.rstrip("\n") for line in process.stdout)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed on {command[-1]}")

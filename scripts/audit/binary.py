"""What a Linux x86-64 program can do with sockets, read from its machine code.

A list of imported symbols alone would mislead: Rust crates also make system calls without the C library.
So the whole program is disassembled, and every place that reaches the network is named by its function:
calls through the C library, bare `syscall` instructions, and numbers handed to the C library's `syscall`.
Where a socket is made, the address family is read from the last write to the argument's register.
"""
import re
import subprocess
from collections import deque
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
    slots, pointers = relocations(program)
    sites = {Site(symbol, "?", "a table of pointers", "pointer") for symbol in pointers}
    for function, before, instruction in instructions(program):
        symbol = called_symbol(instruction, slots)
        if symbol == "syscall":
            sites.add(numbered_site(function, before, constant(before, "di"), "library"))
        elif symbol in NETWORK_SYMBOLS:
            way = "library" if instruction.startswith(("call", "jmp")) else "pointer"
            sites.add(Site(symbol, family_of(symbol, way, before), function, way))
        elif instruction.startswith("syscall"):
            sites.add(numbered_site(function, before, constant(before, "ax"), "instruction"))
        elif re.match(r"int\s+\$0x80|sysenter", instruction):
            sites.add(Site("syscall ?", "-", function, "instruction"))
    return sorted(site for site in sites if site.call)


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


def relocations(program: str) -> tuple[dict[int, str], set[str]]:
    """Slots of imported functions by address, and network symbols whose address stands in data."""
    slots, pointers = {}, set()
    for line in output("readelf", "-rW", program):
        fields = line.split()
        if len(fields) < 5 or not fields[2].startswith("R_X86_64"):
            continue
        symbol = fields[4].split("@")[0]
        if fields[2] in ("R_X86_64_GLOB_DAT", "R_X86_64_JUMP_SLOT", "R_X86_64_JUMP_SLO"):
            slots[int(fields[0], 16)] = symbol
        elif symbol in NETWORK_SYMBOLS | {"syscall"}:
            pointers.add(symbol)
    return slots, pointers


def instructions(program: str):
    """Yields (function, the instructions before it in that function, instruction)."""
    function, before = "?", deque(maxlen=WINDOW)
    for line in output("objdump", "-d", "--no-show-raw-insn", "-C", program):
        if heading := re.match(r"^[0-9a-f]+ <(.*)>:$", line):
            function = heading.group(1)
            before.clear()
        elif "\t" in line:
            instruction = line.split("\t", 1)[1].strip()
            if "@plt" not in function:
                yield function, before, instruction
            before.append(instruction)


def output(*command: str):
    """Yields a command's lines."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as process:
        yield from (line.rstrip("\n") for line in process.stdout)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed on {command[-1]}")

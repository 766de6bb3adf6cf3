"""The dashboard starts on systems without POSIX functions."""

import re
import subprocess
import sys

from dashboard.settings import ROOT

IMPORT_ALL = """
import importlib, pkgutil, sys
for name in ("fcntl", "pwd", "grp", "resource", "termios"):
    sys.modules[name] = None  # as on Windows: to import it fails
import dashboard
failed = []
for module in pkgutil.walk_packages(dashboard.__path__, "dashboard."):
    if module.name in LEFT_OUT:
        continue
    try:
        importlib.import_module(module.name)
    except ImportError as error:
        failed.append(f"{module.name}: {error}")
    except Exception as error:
        if "register_page" not in str(error):  # pages want an application
            failed.append(f"{module.name}: {error!r}")
print("\\n".join(failed))
"""

LEFT_OUT = {
    "dashboard.__main__",  # serves
    "dashboard.wsgi",  # is the application
}


def test_every_module_is_imported_without_what_only_posix_has():
    done = subprocess.run(
        [sys.executable, "-c", f"LEFT_OUT = {LEFT_OUT!r}\n{IMPORT_ALL}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr


POSIX_ONLY = re.compile(
    r"\b(?:os\.(nice|getuid|geteuid|getgid|fork|killpg|setsid|getpgid|setpriority|mkfifo|fchmod|chown|chroot|uname|"
    r"O_NOFOLLOW|O_DIRECTORY|O_NONBLOCK|sysconf|getloadavg|sched_\w+|posix_\w+|wait\w*)|"
    r"signal\.(SIGKILL|SIGHUP|SIGUSR1|SIGUSR2|SIGALRM|SIGCHLD|SIGPIPE|alarm|setitimer|pthread_\w+))\b"
)


def test_what_windows_lacks_is_asked_for_before_it_is_used():
    for path in (ROOT / "dashboard").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for match in POSIX_ONLY.finditer(text):
            name = match[1] or match[2]
            assert f'"{name}")' in text, f"{path}: {match[0]} is used without hasattr"

"""aider on one task, for comparison; run with the interpreter of an environment that has aider-chat, ruff and pytest.

    python aider.py --server URL --model NAME --workspace DIR --task TEXT --max-minutes N

Settings, chosen to be fair to it: whole edit format, auto-lint with ruff and auto-test with pytest on, all Python files of the
project added to the chat, no git, no repository map (the projects are small), temperature 0, num_ctx 8192, at most 2048
tokens an answer (it has no cap of its own, and small models run on). Prints one JSON object.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time


def main():
    parser = argparse.ArgumentParser()
    for name in ("server", "model", "workspace", "task"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--max-minutes", type=float, default=20)
    parser.add_argument("--max-rounds", type=int, default=12)
    given = parser.parse_args()
    model = f"ollama_chat/{given.model}"
    settings = pathlib.Path(tempfile.mkdtemp()) / "model-settings.yml"
    settings.write_text(
        json.dumps([{"name": model, "extra_params": {"num_ctx": 8192, "num_predict": 2048, "temperature": 0, "seed": 42}}]), encoding="utf-8"
    )
    python = sys.executable
    files = sorted(str(path) for path in pathlib.Path(given.workspace).rglob("*.py"))
    command = [
        python, "-m", "aider", "--model", model, "--model-settings-file", str(settings), "--edit-format", "whole",
        "--auto-lint", "--lint-cmd", f"python: {python} -m ruff check --no-cache",
        "--auto-test", "--test-cmd", f"{python} -m pytest -q -p no:cacheprovider",
        "--yes-always", "--no-git", "--no-check-update", "--no-show-model-warnings", "--analytics-disable",
        "--no-pretty", "--no-stream", "--map-tokens", "0", "--message", given.task, *files,
    ]
    started = time.monotonic()
    env = {**os.environ, "OLLAMA_API_BASE": given.server, "AIDER_ANALYTICS": "false", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    ending = ""
    try:
        done = subprocess.run(
            command, cwd=given.workspace, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL,
            timeout=given.max_minutes * 60,
        )
        said = done.stdout + done.stderr
        ending = "ended" if done.returncode == 0 else f"failed: {said[-200:]}"
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"").decode(errors="replace")
        ending = "time limit"
    duration = (time.monotonic() - started) * 1000
    green = all(
        subprocess.run([python, "-m", *check], cwd=given.workspace, capture_output=True).returncode == 0
        for check in (["ruff", "check", "--no-cache", "."], ["pytest", "-q", "-p", "no:cacheprovider"])
    )
    told = re.findall(r"Tokens: ([\d.]+)(k?) sent, ([\d.]+)(k?) received", said)
    count = lambda number, thousands: int(float(number) * (1000 if thousands else 1))  # noqa: E731
    print(
        json.dumps(
            {
                "rounds": len(told),
                "tokensIn": sum(count(sent, k) for sent, k, _, _ in told),
                "tokensOut": sum(count(received, k) for _, _, received, k in told),
                "malformed": 0,
                "ending": ending,
                "claimedGreen": green,
                "durationMs": duration,
            }
        )
    )


if __name__ == "__main__":
    main()

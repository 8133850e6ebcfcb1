"""The plain loop that agents of this kind start from, for comparison: sequential ruff and pytest each round, native tools,
the whole history in every request.

    python seed_loop.py --server URL --model NAME --workspace DIR --task TEXT --max-rounds N --max-minutes N

Settings, chosen to be fair to it: num_ctx 8192 (the default of 4096 would drop the task), temperature 0, seed 42, keep_alive
30m, at most 1024 tokens an answer; a call that the model prints as JSON text, bare or in a fence, counts as a call (the server
reads none out of some models' answers). Prints one JSON object. Standard library only; run it with the interpreter that has ruff
and pytest.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
import urllib.request

SYSTEM = (
    "You are a coding agent working in a Python project. Use the tools to read and change files until all tests pass and "
    "ruff reports nothing. After each of your turns the tests and the linter run and you get their output. When you are "
    "done, answer without calling a tool."
)
TOOLS = [
    ("list_dir", "List the files of the project.", {}),
    ("read_file", "Read a file.", {"path": "file path"}),
    ("write_file", "Write a whole file.", {"path": "file path", "content": "the whole text"}),
]
MAX_OUTPUT = 4000


def schema(name, description, parameters):
    properties = {key: {"type": "string", "description": words} for key, words in parameters.items()}
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": description,
            "parameters": {"type": "object", "properties": properties, "required": list(parameters)},
        },
    }


def run(command, workspace):
    done = subprocess.run(command, cwd=workspace, capture_output=True, text=True, timeout=120)
    return done.returncode, (done.stdout + done.stderr)[-MAX_OUTPUT:]


def probe(workspace):
    lint_code, lint = run([sys.executable, "-m", "ruff", "check", "--no-cache", "."], workspace)
    test_code, tests = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], workspace)
    return lint_code == 0 and test_code == 0, f"ruff check:\n{lint}\npytest:\n{tests}"


def inside(workspace, path):
    full = os.path.realpath(os.path.join(workspace, path))
    if not full.startswith(os.path.realpath(workspace) + os.sep):
        raise ValueError(f"{path} is outside of the project")
    return full


def call_tool(name, arguments, workspace):
    if name == "list_dir":
        found = []
        for folder, folders, files in os.walk(workspace):
            folders[:] = [entry for entry in folders if entry not in (".git", "__pycache__")]
            found += [os.path.relpath(os.path.join(folder, file), workspace) for file in files]
        return "\n".join(sorted(found)) or "(empty)"
    if name == "read_file":
        with open(inside(workspace, arguments["path"]), encoding="utf-8") as file:
            return file.read()[:MAX_OUTPUT]
    if name == "write_file":
        full = inside(workspace, arguments["path"])
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(arguments["content"])
        return "written"
    raise ValueError(f"there is no tool {name}")


def calls_of(message):
    """The server's own calls, else those in the text."""
    if message.get("tool_calls"):
        return message["tool_calls"]
    text = message.get("content") or ""
    found = []
    for candidate in [text, *re.findall(r"```(?:json)?\n(.*?)```", text, re.DOTALL), *text.splitlines()]:
        try:
            value = json.loads(candidate)
        except ValueError:
            continue
        if isinstance(value, dict) and isinstance(value.get("name"), str) and isinstance(value.get("arguments"), dict):
            call = {"function": {"name": value["name"], "arguments": value["arguments"]}}
            if call not in found:
                found.append(call)
    return found


def chat(server, model, messages, timeout):
    body = {
        "model": model,
        "messages": messages,
        "tools": [schema(*tool) for tool in TOOLS],
        "stream": False,
        "keep_alive": "30m",
        "options": {"num_ctx": 8192, "temperature": 0, "seed": 42, "num_predict": 1024},
    }
    request = urllib.request.Request(
        f"{server}/api/chat", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return json.load(answer)


def main():
    parser = argparse.ArgumentParser()
    for name in ("server", "model", "workspace", "task"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--max-rounds", type=int, default=12)
    parser.add_argument("--max-minutes", type=float, default=20)
    given = parser.parse_args()
    started = time.monotonic()

    def left():
        return given.max_minutes * 60 - (time.monotonic() - started)

    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": given.task}]
    told = {"rounds": 0, "tokensIn": 0, "tokensOut": 0, "malformed": 0, "modelMs": 0.0, "probeMs": 0.0, "ending": ""}
    green = False
    try:
        for _ in range(given.max_rounds):
            if left() <= 0:
                told["ending"] = "time limit"
                break
            told["rounds"] += 1
            before = time.monotonic()
            answer = chat(given.server, given.model, messages, left())
            told["modelMs"] += (time.monotonic() - before) * 1000
            told["tokensIn"] += answer.get("prompt_eval_count", 0)
            told["tokensOut"] += answer.get("eval_count", 0)
            message = answer["message"]
            messages.append(message)
            calls = calls_of(message)
            for call in calls:
                function = call["function"]
                try:
                    result = call_tool(function["name"], function["arguments"], given.workspace)
                except Exception as error:
                    told["malformed"] += 1
                    result = f"error: {type(error).__name__}: {error}"
                messages.append({"role": "tool", "tool_name": function["name"], "content": result})
            before = time.monotonic()
            green, output = probe(given.workspace)
            told["probeMs"] += (time.monotonic() - before) * 1000
            if green or not calls:
                told["ending"] = "green" if green else "answered without a call"
                break
            messages.append({"role": "user", "content": output})
        else:
            told["ending"] = "round limit"
    except TimeoutError:
        told["ending"] = "time limit"
        green, _ = probe(given.workspace)
    except Exception as error:
        told["ending"] = f"failed: {type(error).__name__}: {error}"
    print(json.dumps({**told, "claimedGreen": green, "durationMs": (time.monotonic() - started) * 1000}))


if __name__ == "__main__":
    main()

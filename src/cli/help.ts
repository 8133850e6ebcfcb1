/** What `--help` prints. The contract it words stands in docs/cli.md; a test holds the two together. */
import type { CommandName } from "./arguments.ts";

const OVERVIEW = `jetbox: a coding-agent loop for local models; lint and tests judge every round

  jetbox run [options] "TASK"          rounds until green, stopped, failed or cancelled
  jetbox probe [options]               one verdict of ruff and pytest; --watch: one after every change
  jetbox doctor [options]              server, model, interpreter, ruff, pytest, sandbox: state and fix
  jetbox models [options]              the models that are installed, and which one "auto" takes
  jetbox compare BEFORE.log AFTER.log  two logs' rounds side by side, with ratios
  jetbox undo [options]                puts back what the last run changed
  jetbox --version | --help | COMMAND --help

Exit codes: 0 green, 1 ended without green, 2 usage, set-up or server error before any change, 130 interrupted.
`;

const TOPICS: Readonly<Record<CommandName, string>> = {
	run: `jetbox run [options] "TASK"
jetbox run --resume [ID] [options]

  --resume [ID]            go on with the last run (or that one), which was cut off or stopped: its task, its
                           conversation, its model unless --model names another

  --workspace DIR          default: the current folder
  --server URL             default: OLLAMA_HOST, else http://127.0.0.1:11434 (openai: http://127.0.0.1:8080)
  --backend ollama|openai  openai: any OpenAI-compatible server (llama-server, LM Studio, vLLM)
  --protocol auto|native|schema|text
                           how tool calls travel; default: auto, by the model's self-test
  --context auto|N         tokens of the context window; auto: the trained length, at most 16384
  --api-key-env NAME       the environment variable that holds the server's API key
  --allow-remote           prompts may go to a server that is not this machine (with no terminal to ask on)
  --model NAME             default: auto; "practice" is the built-in template repair, which needs no server
  --max-rounds N           default 12
  --max-minutes N          default 20; the time that you take to answer questions does not count
  --approve ask|edits|all  ask (default on a terminal): each edit is shown first; edits: edits within the
                           workspace go through; all: protected files too
  --beside-model WHEN      whether the whole suite runs while the model answers: always, never, or auto (the default):
                           unless the model computes on this machine's own processor
  --sandbox auto|on|off    auto: bubblewrap where it works, otherwise you are asked once a folder
                           (with no terminal: exit 2)
  --allow-network          leave the network open to the tests: for those that need more than this machine's own loopback
  --set NAME=on|off        a switch of the probes by its name in the editor, such as probe.cache; or, to measure what it
                           is worth, a part of the loop: loop.codeContext, loop.continuation, loop.delta,
                           loop.editTool, loop.escalation, loop.localImports, loop.missingImports,
                           loop.resampling, loop.rewriting, loop.syntaxGate; may be repeated
  --log FILE               also write the ROUND lines there
  --json                   JSON lines on stdout, one event each, and nothing else on stdout
`,
	probe: `jetbox probe [options]

  --workspace DIR          default: the current folder
  --wave affected|full     default full; affected judges what changed since the last probe of this process
  --watch                  one verdict after every change, until interrupted
  --sandbox auto|on|off    as for jetbox run
  --allow-network          as for jetbox run
  --set NAME=on|off        as for jetbox run
  --json                   JSON lines on stdout
`,
	doctor: `jetbox doctor [options]

  --workspace DIR          default: the current folder
  --model NAME             the model to check; default: auto
  --server --backend --protocol --context --api-key-env --allow-remote   as for jetbox run
  --json                   one JSON object on stdout
`,
	models: `jetbox models [options]

  --benchmark              measure them, one after the other; others are unloaded meanwhile
  --only NAME              measure this one; may be repeated
  --minutes N              for each model; default 3
  --server --backend --protocol --context --api-key-env --allow-remote   as for jetbox run
  --json                   one JSON object on stdout
`,
	compare: `jetbox compare BEFORE.log AFTER.log

  Two files with ROUND lines (jetbox run --log FILE): phase by phase, with ratios.
`,
	undo: `jetbox undo [options]

  --workspace DIR          default: the current folder
  --run ID                 default: the last run that is not undone
  --round N                only what this round changed; default: the whole run
  --changed keep|merge|restore   files that somebody changed since: keep (default) leaves and lists them; merge takes
                           the run's lines back where they can be told apart, and leaves the others; restore puts
                           back what stood there before the run

Exit codes: 0 everything is as it was, 1 files were left as they are, 2 there is nothing to undo.
`,
};

/** The overview, or one command's page. */
export function helpText(topic: CommandName | null): string {
	return topic === null ? OVERVIEW : TOPICS[topic];
}

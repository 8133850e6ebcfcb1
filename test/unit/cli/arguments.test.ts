import { expect, test } from "vitest";
import { COMMANDS, parseCommand } from "../../../src/cli/arguments.ts";
import { helpText } from "../../../src/cli/help.ts";
import { apiKeyOf } from "../../../src/cli/server-options.ts";
import { UserError } from "../../../src/core/errors.ts";

test("run takes its task and its defaults", () => {
	expect(parseCommand(["run", "Fix it"])).toEqual({
		kind: "run",
		task: "Fix it",
		resume: null,
		workspace: ".",
		server: null,
		backend: "ollama",
		protocol: null,
		contextLength: null,
		apiKeyEnv: null,
		allowRemote: false,
		model: null,
		maxRounds: 12,
		maxMinutes: 20,
		approve: null,
		besideModel: "auto",
		sandbox: "auto",
		switches: {},
		allowNetwork: false,
		log: null,
		loop: {},
		json: false,
	});
});

test("the model server's options are the same for every command that talks to one", () => {
	const argv = ["--server", "gpu-box", "--backend", "openai", "--protocol", "schema", "--context", "8192"];
	const more = ["--api-key-env", "GPU_KEY", "--allow-remote"];
	for (const command of [["run", "x"], ["doctor"], ["models"]])
		expect(parseCommand([...command, ...argv, ...more])).toMatchObject({
			server: "gpu-box",
			backend: "openai",
			protocol: "schema",
			contextLength: 8_192,
			apiKeyEnv: "GPU_KEY",
			allowRemote: true,
		});
});

test("A68: a key comes from the variable that was named, and from no other", () => {
	const env = { OLLAMA_API_KEY: "one", OPENAI_API_KEY: "two", GPU_KEY: " three " };
	expect(apiKeyOf(env, null)).toBeNull();
	expect(apiKeyOf(env, "GPU_KEY")).toBe("three");
	expect(() => apiKeyOf(env, "MISSING")).toThrow("MISSING");
});

test("--set switches the probes by the editor's names, more than one of them", () => {
	const argv = ["--set", "probe.cache=off", "--set", "probe.parallel=on"];
	for (const command of [["run", "x"], ["probe"]])
		expect(parseCommand([...command, ...argv])).toMatchObject({ switches: { cacheEnabled: false, parallel: true } });
});

test("--set leaves parts of the loop out, beside the switches of the probes, of a run alone", () => {
	const argv = ["--set", "loop.delta=off", "--set", "probe.cache=off", "--set", "loop.editTool=on"];
	expect(parseCommand(["run", "x", ...argv])).toMatchObject({
		switches: { cacheEnabled: false },
		loop: { delta: false, editTool: true },
	});
	expect(() => parseCommand(["probe", ...argv])).toThrow("loop.delta");
});

test.each([
	[["frobnicate"], "no command"],
	[["run"], "task is missing"],
	[["run", "  "], "task is missing"],
	[["run", "fix", "it"], "in quotes"],
	[["run", "x", "--max-rounds", "0"], "whole number"],
	[["run", "x", "--max-minutes", "1e99"], "whole number"],
	[["run", "x", "--approve", "always"], "ask, edits, all"],
	[["run", "x", "--backend", "cloud"], "ollama, openai"],
	[["run", "x", "--protocol", "xml"], "auto, native, schema, text"],
	[["run", "x", "--context", "12"], "number of tokens"],
	[["models", "--only", "a"], "--benchmark"],
	[["run", "x", "--frob"], "--frob"],
	[["run", "x", "--set", "probe.speed=on"], "probe.speed"],
	[["run", "x", "--set", "probe.cache=maybe"], "on or off"],
	[["run", "x", "--set", "probe.cache"], "on or off"],
	[["probe", "--wave", "tidal"], "affected, full"],
	[["compare", "one.log"], "two logs"],
	[["undo", "--changed", "lose"], "keep, merge, restore"],
	[["undo", "--round", "0"], "whole number"],
])("%j is a usage error that says why", (argv, words) => {
	expect(() => parseCommand(argv)).toThrow(UserError);
	expect(() => parseCommand(argv)).toThrow(words);
});

test("help and version are always to be had", () => {
	expect(parseCommand([])).toEqual({ kind: "help", topic: null });
	expect(parseCommand(["--version"])).toEqual({ kind: "version" });
	for (const name of COMMANDS) {
		expect(parseCommand([name, "--help"])).toEqual({ kind: "help", topic: name });
		expect(helpText(null)).toContain(`jetbox ${name}`);
		expect(helpText(name)).toContain(`jetbox ${name}`);
	}
});

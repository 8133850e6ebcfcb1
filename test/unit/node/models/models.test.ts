/** The machine's model half against real local servers: consent, self-test, doctor, warm-up. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Logger } from "../../../../src/core/ports.ts";
import { DEFAULT_PROBE_SETTINGS } from "../../../../src/core/probes/engine-messages.ts";
import { isOnBattery } from "../../../../src/node/models/battery.ts";
import { fitOf } from "../../../../src/node/models/memory-fit.ts";
import { DEFAULT_MODEL_SETTINGS, type ModelSettings } from "../../../../src/node/models/model-settings.ts";
import { createModels } from "../../../../src/node/models/models.ts";
import { type Answer, type Answers, IDLE_SERVER, startReplayServer } from "../../../fakes/replay-server.ts";

const NEVER = new AbortController().signal;
const SILENT: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const MODEL = "qwen2.5-coder:1.5b";
const ELSEWHERE = "http://192.0.2.7:11434";
const ANSWERED: Answer = { kind: "recording", name: "chat-stream" };

function folder(): string {
	const path = mkdtempSync(join(tmpdir(), "jetbox-models-"));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	return path;
}

interface Surroundings {
	readonly stateDir?: string;
	readonly onBattery?: boolean;
}

async function open(answers: Answers = {}, settings: Partial<ModelSettings> = {}, around: Surroundings = {}) {
	const { stateDir = folder(), onBattery = false } = around;
	const server = await startReplayServer({ ...IDLE_SERVER, "/api/chat": [ANSWERED], ...answers });
	const chosen = { ...DEFAULT_MODEL_SETTINGS, probes: DEFAULT_PROBE_SETTINGS, server: server.url, ...settings };
	const parts = { distDir: "", stateDir, settings: () => chosen, logger: SILENT, onBattery: async () => onBattery };
	return { server, stateDir, models: createModels(parts) };
}

function silent(): void {
	// Words of progress are of no interest here.
}

describe("A60 a server on another machine", () => {
	it("gets no prompt before a yes, which holds for that address alone", async () => {
		const { models, stateDir } = await open({}, { server: ELSEWHERE });
		expect(await models.serverAddress()).toEqual({ url: ELSEWHERE, remote: true, allowed: false, damaged: null });
		await expect(models.connectModel("auto", silent, NEVER)).rejects.toMatchObject({ kind: "remote-server" });
		await models.warmUp("auto", NEVER);
		await models.allowServer(ELSEWHERE);
		expect(await models.serverAddress()).toMatchObject({ allowed: true });
		const other = await open({}, { server: "http://192.0.2.8:11434" }, { stateDir });
		expect(await other.models.serverAddress()).toMatchObject({ allowed: false });
	});

	it.each([
		["http://127.0.0.1:11434", false],
		["http://127.8.9.1:1", false],
		["localhost", false],
		["http://[::1]:11434", false],
		["0.0.0.0", false],
		["http://127.0.0.1.evil.example", true],
		["http://localhost.evil.example", true],
		["https://gpu-box", true],
		["http://10.0.0.2:11434", true],
	])("%s: remote is %s", async (server, remote) => {
		const { models } = await open({}, { server });
		expect(await models.serverAddress()).toMatchObject({ remote });
	});

	it("may be allowed for one command", async () => {
		const { models } = await open({}, { server: ELSEWHERE, allowRemote: true });
		expect(await models.serverAddress()).toMatchObject({ remote: true, allowed: true });
	});
});

describe("the self-test", () => {
	it("runs once for a model's digest, says what it does, and its result is used from then on", async () => {
		const { models, server, stateDir } = await open();
		const words: string[] = [];
		const first = await models.connectModel(MODEL, (message) => words.push(message), NEVER);
		const asked = server.to("/api/chat").length;
		expect(asked).toBeGreaterThan(6);
		expect(words.at(-1)).toContain(`${MODEL} uses ${first.model.protocol} calls`);
		expect(readdirSync(join(stateDir, "models"))).toHaveLength(1);
		await models.connectModel(MODEL, silent, NEVER);
		expect(server.to("/api/chat")).toHaveLength(asked);
		const state = await models.describeServer(NEVER);
		if (state.kind !== "ok") throw new Error(state.message);
		expect(state.models.find(({ name }) => name === MODEL)).toMatchObject({ protocolBy: "self-test" });
	});

	it("is left out where the person chose a protocol, and where the server names no digest", async () => {
		const chosen = await open({}, { protocol: "schema" });
		expect((await chosen.models.connectModel(MODEL, silent, NEVER)).model.protocol).toBe("schema");
		expect(chosen.server.to("/api/chat")).toHaveLength(0);
		const tags: Answer = { kind: "body", body: JSON.stringify({ models: [{ name: MODEL, size: 1 }] }) };
		const nameless = await open({ "/api/tags": [tags] });
		await nameless.models.connectModel(MODEL, silent, NEVER);
		expect(nameless.server.to("/api/chat")).toHaveLength(0);
	});

	it("F14 is cancelled, and then nothing of it is kept", async () => {
		const { models, server, stateDir } = await open({ "/api/chat": [{ kind: "stall" }] });
		const controller = new AbortController();
		const connecting = models.connectModel(MODEL, () => controller.abort(), controller.signal);
		await expect(connecting).rejects.toMatchObject({ name: "AbortError" });
		expect(server.to("/api/chat").length).toBeLessThanOrEqual(1);
		expect(readdirSync(stateDir)).toEqual([]);
	});

	it("that the server fails at leaves the choice to the model's size", async () => {
		const { models } = await open({
			"/api/chat": [{ kind: "body", status: 404, body: '{"error":"model not found"}' }],
		});
		expect((await models.connectModel(MODEL, silent, NEVER)).model.protocol).toBe("text");
	});
});

describe("the doctor", () => {
	const SELF_TEST = { onProgress: silent, signal: NEVER };

	const rendered = (text: string): Answer => ({
		kind: "body",
		body: JSON.stringify({ message: {}, done: false, _debug_info: { rendered_template: text } }),
	});

	it("tells server, model, context, template and protocol", async () => {
		const { models } = await open(
			{ "/api/chat": [rendered('{"name": "read_file"}')], "/api/ps": [{ kind: "recording", name: "ps-loaded" }] },
			{ protocol: "text" },
		);
		const checks = await models.checkModel(MODEL, SELF_TEST, NEVER);
		expect(checks.map(({ name, state }) => `${name} ${state}`)).toEqual([
			"server ok",
			"model ok",
			"context advice",
			"template ok",
			"protocol ok",
		]);
		const context = checks.find(({ name }) => name === "context");
		expect(context?.detail).toContain("trained for 32768");
		expect(context?.detail).toContain("loaded with 4096 on the CPU");
		expect(context?.fix).toContain("OLLAMA_CONTEXT_LENGTH=16384");
	});

	it("finds a template that prints a Go struct in place of JSON, as recorded", async () => {
		const { models } = await open({ "/api/chat": [{ kind: "recording", name: "debug-render" }] }, { protocol: "text" });
		expect(await models.checkModel(MODEL, SELF_TEST, NEVER)).toContainEqual({
			name: "template",
			state: "advice",
			detail: expect.stringContaining("Go struct"),
			fix: expect.stringContaining("json .Function"),
		});
	});

	it("leaves the template out where the server cannot render one", async () => {
		const { models } = await open({ "/api/chat": [{ kind: "body", status: 500, body: "{}" }] }, { protocol: "text" });
		const names = (await models.checkModel(MODEL, SELF_TEST, NEVER)).map(({ name }) => name);
		expect(names).toEqual(["server", "model", "context", "protocol"]);
	});

	it("goes on without a self-test that is cancelled", async () => {
		const { models, stateDir } = await open();
		const cancel = new AbortController();
		const selfTest = { onProgress: () => cancel.abort(), signal: cancel.signal };
		expect(await models.checkModel(MODEL, selfTest, AbortSignal.timeout(30_000))).toContainEqual(
			expect.objectContaining({ name: "protocol", detail: expect.stringContaining("as it was not tested") }),
		);
		expect(readdirSync(stateDir)).toEqual([]);
	});

	it("F03 a model that is not installed: how to get it", async () => {
		const { models } = await open();
		expect(await models.checkModel("nope", SELF_TEST, NEVER)).toContainEqual(
			expect.objectContaining({ name: "model", state: "missing", fix: expect.stringContaining("ollama pull nope") }),
		);
	});
});

describe("warm-up", () => {
	it("loads, then reads the prompt's head, and is quiet about a server that fails", async () => {
		const { models, server } = await open({}, { protocol: "text" });
		await models.warmUp(MODEL, NEVER);
		expect(server.to("/api/chat").map(({ body }) => body)).toMatchObject([
			{ messages: [] },
			{ messages: [{ role: "system" }, { role: "user" }], options: { num_predict: 1 } },
		]);
		const broken = await open({ "/api/version": [{ kind: "reset" }] });
		await broken.models.warmUp(MODEL, NEVER);
	});

	it("does nothing on battery", async () => {
		const { models, server } = await open({}, { protocol: "text" }, { onBattery: true });
		await models.warmUp(MODEL, NEVER);
		expect(server.requests).toHaveLength(0);
	});

	it.each<[string, Readonly<Record<string, Readonly<Record<string, string>>>>, boolean | null]>([
		["a laptop on mains", { AC: { type: "Mains", online: "1" }, BAT0: { type: "Battery", status: "Charging" } }, false],
		[
			"a laptop on battery",
			{ AC: { type: "Mains", online: "0" }, BAT0: { type: "Battery", status: "Discharging" } },
			true,
		],
		["a mouse", { hid: { type: "Battery", status: "Discharging", scope: "Device" } }, null],
		["a desktop", {}, null],
	])("knows %s", async (_, supplies, expected) => {
		const root = folder();
		for (const [name, files] of Object.entries(supplies)) {
			mkdirSync(join(root, name));
			for (const [file, text] of Object.entries(files)) writeFileSync(join(root, name, file), `${text}\n`);
		}
		expect(await isOnBattery(root)).toBe(expected);
	});

	it("does not know where there is no word of it", async () => {
		expect(await isOnBattery(join(folder(), "missing"))).toBeNull();
	});
});

describe("memory", () => {
	it.each([
		[1e9, 1e5, 16e9, "yes"],
		[8e9, 1e5, 16e9, "tight"],
		[20e9, 1e5, 16e9, "no"],
		[1e9, 1e6, 16e9, "no"],
		[0, null, 16e9, null],
		[1e9, null, null, null],
	])("%d bytes, %s a token, of %s: %s", (sizeBytes, bytesPerToken, total, expected) => {
		expect(fitOf({ sizeBytes, bytesPerToken }, 16_384, total)).toBe(expected);
	});
});

import { describe, expect, it } from "vitest";
import { describeServer, resolveServer } from "../../../../src/node/ollama/server.ts";
import { type Answer, closedPort, IDLE_SERVER, startReplayServer } from "../../../fakes/replay-server.ts";

const NEVER = new AbortController().signal;

describe("the server's address", () => {
	it.each([
		["", "http://127.0.0.1:11434"],
		["0.0.0.0", "http://127.0.0.1:11434"],
		["0.0.0.0:8080", "http://127.0.0.1:8080"],
		[":11435", "http://127.0.0.1:11435"],
		["gpu-box", "http://gpu-box:11434"],
		["gpu-box:9000", "http://gpu-box:9000"],
		["http://gpu-box", "http://gpu-box:80"],
		["https://gpu-box", "https://gpu-box:443"],
		["https://gpu-box/ollama/", "https://gpu-box:443/ollama"],
		["[::1]", "http://[::1]:11434"],
		["[::1]:9000", "http://[::1]:9000"],
		["http://[::]:11434/", "http://127.0.0.1:11434"],
		["  localhost  ", "http://localhost:11434"],
	])("OLLAMA_HOST %j is %s", (given, expected) => {
		expect(resolveServer({ OLLAMA_HOST: given }, null)).toBe(expected);
	});

	it("comes from the setting before the environment", () => {
		expect(resolveServer({ OLLAMA_HOST: "other" }, "mine:1234")).toBe("http://mine:1234");
	});

	it.each([
		"http://me:secret@gpu-box:11434",
		"me@gpu-box",
		"file:///etc/passwd",
		"ftp://gpu-box",
		"http://169.254.169.254",
		"http://0xa9fea9fe",
		"http://[::ffff:169.254.169.254]",
		"http://[fe80::1]",
		"http://[febf::1]",
		"http://",
		"a b",
	])("A60 A61 refuses %s without repeating it", (given) => {
		let error: unknown = null;
		try {
			resolveServer({}, given);
		} catch (thrown) {
			error = thrown;
		}
		expect(error).toMatchObject({ name: "UserError", kind: "usage" });
		expect(String(error)).not.toContain("secret");
	});
});

describe("describing a server", () => {
	it("tells version and models, with what a choice needs", async () => {
		const server = await startReplayServer({ ...IDLE_SERVER, "/api/ps": [{ kind: "recording", name: "ps-loaded" }] });
		const state = await describeServer(server.url, NEVER);
		if (state.kind !== "ok") throw new Error(state.message);
		expect(state.version).toBe("0.33.0-rc2");
		expect(state.models).toHaveLength(6);
		expect(state.models.find(({ name }) => name === "qwen2.5-coder:1.5b")).toEqual({
			name: "qwen2.5-coder:1.5b",
			sizeBytes: 1_117_322_611,
			parameterSize: "1.8B",
			quantization: "Q4_K_M",
			contextLength: 32_768,
			claimsTools: true,
			digest: "d5f7b7ebcd9978d030ba3d1005e2040f4667160a6aac80c2f776b523cc84844a",
			// 28 layers, 2 key-value heads of 128, keys and values, 2 bytes.
			bytesPerToken: 28_672,
			claimsThinking: false,
			hidesTools: false,
			continuesAnswers: true,
			loaded: true,
		});
	});

	it("keeps the other models where one cannot be shown", async () => {
		const server = await startReplayServer({
			...IDLE_SERVER,
			"/api/show": [
				{ kind: "body", status: 500, body: '{"error":"damaged"}' },
				{ kind: "recording", name: "show-qwen2.5-coder-1.5b" },
			],
		});
		const state = await describeServer(server.url, NEVER);
		if (state.kind !== "ok") throw new Error(state.message);
		expect(state.models.map(({ contextLength }) => contextLength).filter((length) => length === null)).toHaveLength(1);
	});

	it("F01 a closed port is a state with a next step", async () => {
		expect(await describeServer(`http://127.0.0.1:${await closedPort()}`, NEVER)).toMatchObject({
			kind: "unreachable",
			fix: expect.stringContaining("ollama serve"),
		});
	});

	it.each<[string, Answer]>([
		["a web page", { kind: "body", contentType: "text/html", body: "<html></html>" }],
		["JSON of something else", { kind: "body", body: '{"hello":"world"}' }],
		["a list", { kind: "body", body: "[]" }],
		["null", { kind: "body", body: "null" }],
		["404", { kind: "recording", name: "error-unknown-route" }],
		["a redirect", { kind: "redirect", to: "http://127.0.0.1:1/" }],
		["no content", { kind: "body", status: 204, body: "" }],
	])("F33 %s is not Ollama", async (_, answer) => {
		const server = await startReplayServer({ "/api/version": [answer] });
		expect(await describeServer(server.url, NEVER)).toMatchObject({ kind: "not-ollama" });
	});

	it("F14 is cancelled", async () => {
		const server = await startReplayServer({ "/api/version": [{ kind: "stall" }] });
		const controller = new AbortController();
		const asked = describeServer(server.url, controller.signal);
		setTimeout(() => controller.abort(), 50);
		await expect(asked).rejects.toMatchObject({ name: "AbortError" });
		await server.clientClosed(1);
	});
});

/** What a run changes is told to its next probe, and to no other. */
import { expect, test } from "vitest";
import { tellOwnChanges } from "../../../src/core/own-changes.ts";
import type { ProbeRequest, Probes, Workspace, WorkspaceChange } from "../../../src/core/ports.ts";

const never = new AbortController().signal;

function opened(apply: () => Promise<void> = async () => undefined) {
	const asked: ProbeRequest[] = [];
	const unused = () => Promise.reject(new Error("not asked for here"));
	const plain: Probes = {
		probe: (request) => {
			asked.push(request);
			return unused();
		},
		checkSyntax: unused,
		fixLint: unused,
	};
	const disk: Workspace = {
		root: "/w",
		read: unused,
		list: unused,
		search: unused,
		beginRound: () => undefined,
		apply,
	};
	const { probes, workspace } = tellOwnChanges({ probes: plain, workspace: disk });
	return {
		change: (change: WorkspaceChange) => workspace.apply(change, never),
		async probe(request: ProbeRequest) {
			await probes.probe(request, () => undefined, never).catch(() => undefined);
			return asked.at(-1);
		},
	};
}

const create = (path: string): WorkspaceChange => ({ kind: "create", path, text: "" });
const AFFECTED = { scope: "affected", fresh: false } as const;

test("a probe is told of all changes since the one before, each once", async () => {
	const { change, probe } = opened();
	expect(await probe(AFFECTED)).toEqual(AFFECTED);
	await change(create("a.py"));
	await change(create("b.py"));
	await change({ kind: "delete", path: "a.py", expectedHash: "" });
	expect(await probe(AFFECTED)).toEqual({ ...AFFECTED, changed: ["a.py", "b.py"] });
	expect(await probe(AFFECTED)).toEqual(AFFECTED);
});

test("a probe in the background leaves them to the next one", async () => {
	const { change, probe } = opened();
	await change(create("a.py"));
	const beside = { scope: "full", fresh: false, background: true } as const;
	expect(await probe(beside)).toEqual(beside);
	expect(await probe(AFFECTED)).toEqual({ ...AFFECTED, changed: ["a.py"] });
});

test("a change that failed is none", async () => {
	const { change, probe } = opened(() => Promise.reject(new Error("the disk is full")));
	await expect(change(create("a.py"))).rejects.toThrow("the disk is full");
	expect(await probe(AFFECTED)).toEqual(AFFECTED);
});

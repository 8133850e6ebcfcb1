import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/unit/**/*.test.ts", "test/safety/**/*.test.ts"],
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// Most of the time a test waits for a process of its own.
		maxWorkers: "100%",
	},
});

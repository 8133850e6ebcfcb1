import { defineConfig } from "vitest/config";

/** `npm run test:server`: against a real model server, one test after the other. */
export default defineConfig({
	test: {
		include: ["test/server/**/*.test.ts"],
		testTimeout: 600_000,
		hookTimeout: 600_000,
		fileParallelism: false,
	},
});

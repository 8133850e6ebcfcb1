/** The file that marks the folder of a sample; the extension starts by itself where it is (package.json, activationEvents). */
export const SAMPLE_MARK = ".jetbox-sample";

export const LANGUAGES: readonly string[];
export function sourceTexts(): readonly string[];
export function bundle(language: string | null, kind?: string): Record<string, string>;

export function features(): string[];
export function compileMessages(): Promise<void>;

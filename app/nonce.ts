import { createContext, useContext } from "react";

/** Nonce of the response's policy. Empty in the browser, which hides the attribute and needs it no more. */
export const NonceContext = createContext("");
export const useNonce = (): string => useContext(NonceContext);

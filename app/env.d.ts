// The types of the future flags live in this module's augmentation.
import "@remix-run/node";

declare module "@remix-run/server-runtime" {
  interface AppLoadContext {
    /** Nonce of the response's Content-Security-Policy; every script of the page carries it. */
    nonce: string;
  }
  interface Future {
    v3_singleFetch: true;
  }
}

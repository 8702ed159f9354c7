import { Form, type FormProps, useRouteLoaderData } from "@remix-run/react";
import { forwardRef } from "react";
import { formKeyField } from "./form-key.ts";
import type { RootData } from "./shell/types.ts";

/**
 * A form that acts. It carries the key of its page, drawn anew with each page: the server answers the very same form sent
 * twice as it answered the first, with script or without.
 */
export const PostForm = forwardRef<HTMLFormElement, FormProps>(function PostForm({ children, ...rest }, ref) {
  const key = useRouteLoaderData<RootData>("root")?.formKey;
  return (
    <Form method="post" ref={ref} {...rest}>
      {key === undefined ? null : <input type="hidden" name={formKeyField} value={key} readOnly />}
      {children}
    </Form>
  );
});

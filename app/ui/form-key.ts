/** Name of the field with the key of the page that a form was drawn in. */
export const formKeyField = "idempotencyKey";

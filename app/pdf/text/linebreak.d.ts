/** Types of `linebreak` 1.1 (MIT), which ships none. */
declare module "linebreak" {
  export interface Break {
    /** Code unit before which the line may end. */
    readonly position: number;
    readonly required: boolean;
  }
  export default class LineBreaker {
    constructor(text: string);
    nextBreak(): Break | null;
  }
}

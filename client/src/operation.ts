/** How an endpoint is called; what goes in and out is typed in api.generated.ts. */
export interface Operation {
  method: string;
  /** With `{name}` for each path parameter, in the order of the method's arguments. */
  path: string;
  body?: true;
  query?: true;
  /** It only asks, though its method does not say so: twice does no harm. */
  repeatable?: true;
  answer: 'json' | 'text' | 'response' | 'nothing';
}

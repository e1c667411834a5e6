import { z } from 'zod';

/**
 * Every error the API can answer with: code → HTTP status and what it means.
 * Codes are stable; the message beside a code says what was wrong in the case at hand.
 */
export const ERRORS = {
  invalid_request: { status: 400, meaning: 'The request does not have the expected shape' },
  invalid_phone: { status: 400, meaning: 'Not a phone number; the message says why' },
  invalid_chat: { status: 400, meaning: 'Not a chat id, phone number or jid' },
  template_invalid: {
    status: 400,
    meaning: 'The text of a template, or what it is to be filled with, does not fit together',
  },
  file_unreadable: {
    status: 400,
    meaning: 'The file is no CSV that can be read, or lacks a column that is needed',
  },
  url_refused: { status: 400, meaning: 'The URL must not be asked: its form, or where it leads' },
  unauthorized: { status: 401, meaning: 'No API key or session cookie, or one that is not valid' },
  forbidden: { status: 403, meaning: 'The credentials do not allow this' },
  not_allowed_by_whatsapp: {
    status: 403,
    meaning: 'WhatsApp allows this to others only, as to admins of a group',
  },
  not_found: { status: 404, meaning: 'There is no such route' },
  session_not_found: { status: 404, meaning: 'There is no session with this id' },
  chat_not_found: { status: 404, meaning: 'The session has no chat with this id' },
  message_not_found: { status: 404, meaning: 'The session has no message with this id' },
  group_not_found: { status: 404, meaning: 'The session knows no group with this id' },
  picture_not_found: { status: 404, meaning: 'There is no picture, or it is not shown to us' },
  label_not_found: { status: 404, meaning: 'The account has no label with this id' },
  note_not_found: { status: 404, meaning: 'The chat has no note with this id' },
  team_label_not_found: { status: 404, meaning: 'The team has no label with this id' },
  canned_reply_not_found: { status: 404, meaning: 'There is no canned reply with this id' },
  user_not_found: {
    status: 404,
    meaning: 'There is no user with this id, or none who may use the session',
  },
  not_on_whatsapp: { status: 404, meaning: 'The phone number is not registered on WhatsApp' },
  call_not_found: { status: 404, meaning: 'No such call rings now' },
  media_not_found: { status: 404, meaning: 'The message has no file' },
  key_not_found: { status: 404, meaning: 'There is no API key with this id' },
  login_not_found: { status: 404, meaning: 'There is no such sign-in; it may have ended' },
  invitation_not_found: { status: 404, meaning: 'There is no open invitation with this id' },
  link_not_usable: {
    status: 410,
    meaning: 'The link was used, has expired or was taken back; ask for another one',
  },
  webhook_not_found: { status: 404, meaning: 'There is no webhook with this id' },
  delivery_not_found: { status: 404, meaning: 'The webhook has no delivery with this id' },
  route_not_found: { status: 404, meaning: 'There is no route with this id' },
  job_not_found: { status: 404, meaning: 'There is no failed job with this number' },
  chatbot_not_found: { status: 404, meaning: 'There is no chatbot with this id' },
  conversation_not_found: {
    status: 404,
    meaning: 'The chatbot has no conversation with this id',
  },
  template_not_found: { status: 404, meaning: 'There is no template with this id' },
  bulk_not_found: { status: 404, meaning: 'There is no bulk send with this id' },
  qr_not_available: { status: 404, meaning: 'The session shows no QR at the moment' },
  message_not_yours: {
    status: 403,
    meaning: 'Only its author, or an admin of the group, may do this to a message',
  },
  unknown_option: { status: 400, meaning: 'The poll has no such option' },
  chat_is_empty: { status: 409, meaning: 'The chat has no message to go back from' },
  too_late: { status: 409, meaning: 'WhatsApp allows this only for some time after the message' },
  wrong_kind: { status: 409, meaning: 'This cannot be done to a message of this kind' },
  session_not_connected: {
    status: 409,
    meaning: 'The session is not connected, so it cannot do this now',
  },
  session_already_connected: { status: 409, meaning: 'The session is connected already' },
  idempotency_key_reused: {
    status: 409,
    meaning: 'This Idempotency-Key was used with another body within the last 24 hours',
  },
  message_already_sent: {
    status: 409,
    meaning: 'The message was handed to WhatsApp, so it can no longer be cancelled',
  },
  session_not_linked: { status: 409, meaning: 'No number is linked to this session yet' },
  chatbot_exists: { status: 409, meaning: 'The session has a chatbot already' },
  chatbot_incomplete: {
    status: 409,
    meaning: 'The chatbot lacks what its way of answering needs',
  },
  name_taken: { status: 409, meaning: 'Something else has this name already' },
  too_many: { status: 409, meaning: 'There are as many of these as allowed already' },
  too_many_webhooks: { status: 409, meaning: 'There are as many webhooks as allowed already' },
  already_set_up: { status: 409, meaning: 'There is an admin already; sign in' },
  email_taken: { status: 409, meaning: 'Somebody has this e-mail address already' },
  last_admin: { status: 409, meaning: 'Without this admin there would be none' },
  slot_connected: { status: 409, meaning: 'A number is connected in this slot' },
  no_free_slot: { status: 409, meaning: 'All slots of the user are taken' },
  too_many_keys: { status: 409, meaning: 'There are as many API keys as allowed already' },
  route_loop: {
    status: 409,
    meaning: 'With this route a group would forward to itself, straight or over others',
  },
  route_exists: { status: 409, meaning: 'The source has a route to this target already' },
  bulk_over_limit: {
    status: 409,
    meaning: 'These are more messages than the limits of the session allow',
  },
  bulk_not_possible: {
    status: 409,
    meaning: 'A bulk send in this state cannot do this',
  },
  cursor_expired: { status: 410, meaning: 'The cursor is older than the events that are kept' },
  media_gone: { status: 410, meaning: 'Neither WhatsApp nor the phone has the file any more' },
  payload_too_large: { status: 413, meaning: 'The body is larger than allowed' },
  unsupported_media_type: { status: 415, meaning: 'The body is of a type this route cannot read' },
  range_not_satisfiable: { status: 416, meaning: 'The file ends before the range begins' },
  rate_limited: { status: 429, meaning: 'Too many requests; wait as Retry-After says' },
  internal: {
    status: 500,
    meaning: 'A fault of ours; the log has the details under the request id',
  },
  not_supported: { status: 501, meaning: 'The engine of this session cannot do this' },
  whatsapp_refused: { status: 502, meaning: 'WhatsApp refused what was asked' },
  whatsapp_timeout: { status: 504, meaning: 'WhatsApp did not answer in time' },
  no_answer: { status: 502, meaning: 'The model or URL that answers for a chatbot failed' },
  pairing_failed: { status: 502, meaning: 'WhatsApp did not give a pairing code' },
  sandbox_unavailable: { status: 502, meaning: 'The sandbox did not answer' },
  media_damaged: {
    status: 502,
    meaning: 'What came is not the file that was sent; nothing was kept',
  },
  media_unavailable: { status: 503, meaning: 'The file could not be fetched now; try again later' },
  search_unavailable: {
    status: 503,
    meaning: 'The search engine cannot be reached now; begin the search anew or try again later',
  },
  session_process_away: {
    status: 503,
    meaning: 'The separate session process cannot be reached now; what waits is kept',
  },
  browser_missing: {
    status: 503,
    meaning: 'There is no Chromium for a session in a browser; the message says how to install it',
  },
  too_many_browsers: {
    status: 409,
    meaning: 'As many sessions run in a browser as the memory of this machine allows',
  },
  session_elsewhere: {
    status: 503,
    meaning: 'Another process is taking the session over at this moment; try again',
  },
  storage_unavailable: { status: 503, meaning: 'The database cannot be reached' },
  shutting_down: { status: 503, meaning: 'The server is stopping' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERRORS;

const codes = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** The body of every error answer. `issues` names each wrong field of a refused request. */
export const ErrorBody = z
  .object({
    success: z.literal(false).optional().describe('Under `/api/whatsapp`, as in its answers'),
    message: z.string().optional().describe('The same as in `error`, where `success` is there'),
    error: z.object({
      code: z.enum(codes),
      message: z.string(),
      requestId: z.string().optional(),
      issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof ErrorBody>;

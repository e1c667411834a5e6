/** Where the key for a note puts the cursor. */
export const NOTE_FIELD = 'note-field';

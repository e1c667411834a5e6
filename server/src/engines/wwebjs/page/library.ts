import library from 'whatsapp-web.js';

// CommonJS that ends in a spread: it has no names to import.
export const { Client, NoAuth, MessageMedia } = library;

export type Library = InstanceType<typeof Client>;
export type BrowserPage = NonNullable<Library['pupPage']>;
export type Browser = NonNullable<Library['pupBrowser']>;
export type GroupChat = library.GroupChat;

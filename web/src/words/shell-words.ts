/** Words of what is around the pages: shortcuts, the palette. */
export const shellWords = {
  inbox: 'Inbox',
  everywhere: 'Everywhere',
  goTo: (page: string) => `Go to ${page}`,
  help: 'Keyboard shortcuts',
  helpHint: 'Press ? on any page to see what its keys do.',
  thenPress: 'then',
  singleKeys: 'Shortcuts of single letters',
  singleKeysHint: 'Turn off when speech input or an aid presses keys by accident.',
  palette: 'Go to or do',
  palettePlaceholder: 'Search chats, accounts, pages and commands',
  paletteResults: 'Results',
  pages: 'Pages',
  commands: 'Commands',
  chats: 'Chats',
  accounts: 'Accounts',
  nothing: 'Nothing found. Try a name, a number or what you want to do.',
  theme: (name: string) => `Theme: ${name}`,
  keysNames: { Mod: 'Ctrl', Escape: 'Esc', Enter: 'Enter', ArrowDown: '↓', ArrowUp: '↑' } as Record<
    string,
    string
  >,
  unreadChats: (count: number) => (count === 1 ? '1 unread chat' : `${count} unread chats`),
};

import { ChatView } from './chat-view.js';
import { devicesView } from './devices-view.js';
import { el, icon, iconButton, initials } from './dom.js';
import { newChatView, newGroupView } from './new-chat.js';
import { chatTime, tick } from './time.js';
import { chatsOf, describeChat, ensureLoaded, nameOf, watch, world } from './world.js';

const TYPING_MS = 10_000;

/** One simulated phone on the page: its chats, one open chat, or its linked devices. */
export class PhoneView {
  constructor(phone) {
    this.phone = phone;
    this.tab = 'chats';
    this.chat = undefined;
    this.typing = new Map();
    this.name = el('strong');
    this.state = el('span');
    this.avatar = el('div', { class: 'avatar big' });
    this.tabs = el('div', { class: 'tabs', role: 'tablist' });
    this.body = el('div', { class: 'body', role: 'tabpanel' });
    this.head = el(
      'header',
      { class: 'phone-head' },
      this.avatar,
      el('div', { class: 'who' }, this.name, this.state),
    );
    this.element = el('article', { class: 'phone' }, this.head, this.tabs, this.body);
    watch((change) => this.onChange(change));
    this.render();
    ensureLoaded(phone).catch(() => undefined);
  }

  get account() {
    return world.phones.get(this.phone) ?? { name: '', devices: [], online: false };
  }

  onChange(change) {
    if (change.type === 'world') return this.render();
    if (change.type === 'phone') return this.renderHead();
    if (change.phone !== this.phone) return;
    if (change.type === 'loaded') return this.render();
    if (change.type === 'typing') return this.onTyping(change);
    if (change.type === 'message') this.typing.delete(change.message.chat);
    if (change.type === 'connection' || change.type === 'devices') this.renderHead();
    if (this.chat) this.chat.onChange(change);
    else if (this.tab === 'chats' || change.type === 'devices') this.renderBody(change);
    this.renderTabs();
  }

  onTyping({ chat, from, state }) {
    clearTimeout(this.typing.get(chat)?.timer);
    if (state === 'paused') this.typing.delete(chat);
    else {
      const timer = setTimeout(() => this.onTyping({ chat, from, state: 'paused' }), TYPING_MS);
      this.typing.set(chat, { from, state, timer });
    }
    if (this.chat) this.chat.renderHead();
    else if (this.tab === 'chats') this.renderBody();
  }

  /** e.g. `Ana is typing…`, when somebody is. */
  typingText(chat) {
    const typing = this.typing.get(chat);
    if (!typing) return undefined;
    const doing = typing.state === 'recording' ? 'recording…' : 'typing…';
    return chat.endsWith('@g.us') ? `${nameOf(typing.from)} is ${doing}` : doing;
  }

  open(chat) {
    this.tab = 'chats';
    this.chat = new ChatView(this, chat, () => {
      this.chat = undefined;
      this.render();
      this.body.querySelector('.chat')?.focus();
    });
    this.element.replaceChildren(...this.chat.parts);
    this.chat.opened();
  }

  show(...nodes) {
    this.body.replaceChildren(...nodes);
    this.body.querySelector('input, .chat')?.focus();
  }

  render() {
    if (this.chat) return this.chat.render();
    this.element.replaceChildren(this.head, this.tabs, this.body);
    this.element.setAttribute('aria-label', `Phone of ${this.account.name}`);
    this.renderHead();
    this.renderTabs();
    this.renderBody();
  }

  renderHead() {
    const { name, online } = this.account;
    this.name.textContent = name;
    this.avatar.textContent = initials(name);
    this.state.textContent = online ? `+${this.phone}` : `+${this.phone} · connecting…`;
  }

  renderTabs() {
    const unread = chatsOf(this.phone).reduce((sum, chat) => sum + chat.unread, 0);
    const linked = this.account.devices.length;
    const tab = (id, label, count) =>
      el(
        'button',
        {
          type: 'button',
          role: 'tab',
          'aria-selected': String(this.tab === id),
          onclick: () => {
            this.tab = id;
            this.render();
          },
        },
        label,
        count,
      );
    const had = this.tabs.contains(document.activeElement);
    this.tabs.replaceChildren(
      tab('chats', 'Chats ', unread > 0 && el('span', { class: 'count' }, String(unread))),
      tab('devices', linked ? `Linked devices (${linked})` : 'Linked devices'),
    );
    if (had) this.tabs.querySelector('[aria-selected=true]').focus();
  }

  renderBody(change) {
    if (this.tab === 'devices') {
      // A half-typed code must not vanish because a device came or went.
      if (change) return this.body.refreshDevices?.();
      const view = devicesView(this);
      this.body.refreshDevices = view.refresh;
      return this.body.replaceChildren(view.element);
    }
    const scroll = this.body.scrollTop;
    this.body.replaceChildren(this.chatList(), this.foot());
    this.body.scrollTop = scroll;
  }

  chatList() {
    if (!world.messages.has(this.phone))
      return el('div', { class: 'list skeleton', 'aria-busy': 'true' });
    const chats = chatsOf(this.phone);
    if (chats.length === 0) {
      return el(
        'div',
        { class: 'empty' },
        el('strong', {}, 'No chats yet.'),
        el('p', {}, 'Write to another phone, or link a device and write to this number.'),
      );
    }
    const list = el(
      'ul',
      { class: 'chats' },
      chats.map((chat) => el('li', {}, this.chatRow(chat))),
    );
    return el('div', { class: 'list' }, list);
  }

  chatRow({ chat, last, unread }) {
    const { title, group } = describeChat(this.phone, chat);
    const typing = this.typingText(chat);
    const author = last && group && !last.fromMe ? `${nameOf(last.from)}: ` : '';
    const preview = typing
      ? el('span', { class: 'typing' }, typing)
      : el(
          'span',
          { class: 'preview' },
          last?.fromMe && tick(last),
          el('span', {}, last ? author + (last.text || last.kind) : 'No messages yet'),
        );
    return el(
      'button',
      { type: 'button', class: 'chat', onclick: () => this.open(chat) },
      el('span', { class: 'avatar' }, group ? icon('group') : initials(title)),
      el('span', { class: 'who' }, el('strong', {}, title), preview),
      el(
        'span',
        { class: 'chat-meta' },
        last ? el('time', { datetime: last.at }, chatTime(last.at)) : null,
        unread > 0 &&
          el('span', { class: 'count', 'aria-label': `${unread} unread` }, String(unread)),
      ),
    );
  }

  foot() {
    const button = (sign, label, view) =>
      el(
        'button',
        {
          type: 'button',
          class: 'button',
          onclick: () => this.show(this.subHead(label), view(this)),
        },
        icon(sign),
        label,
      );
    return el(
      'div',
      { class: 'foot' },
      button('chat', 'New chat', newChatView),
      button('group', 'New group', newGroupView),
    );
  }

  subHead(title) {
    return el(
      'header',
      { class: 'chat-head' },
      iconButton('back', 'Back', () => this.render()),
      el('strong', {}, title),
    );
  }
}

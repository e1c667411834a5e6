import { api } from './api.js';
import { el, icon, iconButton, initials } from './dom.js';
import { above, kindBody, marks } from './kinds.js';
import { attachButton, mediaBody } from './media.js';
import { sayMore } from './say-more.js';
import { dayName, tick, timeOfDay } from './time.js';
import { describeChat, isAction, nameOf, world } from './world.js';

const EMOJIS = ['👍', '❤️', '😂', '🙏', '⭐'];
const TYPING_EVERY_MS = 4_000;
const PAGE = 100;

/** One open chat of a phone: the messages and the composer. */
export class ChatView {
  constructor(view, chat, back) {
    this.view = view;
    this.phone = view.phone;
    this.chat = chat;
    this.back = back;
    this.typedAt = 0;
    this.shown = PAGE;
    this.media = new Map();
    this.head = el('header', { class: 'chat-head' });
    this.thread = el('div', {
      class: 'thread',
      role: 'log',
      'aria-label': 'Messages',
      tabindex: '0',
    });
    this.error = el('p', { class: 'error thread-error', role: 'alert' });
    this.input = el('textarea', {
      rows: '1',
      placeholder: 'Message',
      'aria-label': 'Message',
      oninput: () => this.onInput(),
      onkeydown: (event) => this.onKey(event),
    });
    this.composer = el(
      'form',
      {
        class: 'composer',
        onsubmit: (event) => {
          event.preventDefault();
          this.send();
        },
      },
      attachButton(this.phone, chat, (text) => {
        this.error.textContent = text;
      }),
      this.input,
      el(
        'button',
        { type: 'submit', class: 'icon-button primary', 'aria-label': 'Send', title: 'Send' },
        icon('send'),
      ),
    );
    const more = sayMore((content) => this.say(content));
    this.parts = [this.head, this.thread, this.error, more, this.composer];
    document.addEventListener('visibilitychange', () => this.markRead());
  }

  opened() {
    this.render();
    this.thread.scrollTop = this.thread.scrollHeight;
    this.input.focus();
  }

  onChange(change) {
    if (change.type === 'message' && change.message.chat === this.chat) this.renderThread();
    if (change.type === 'groups' || change.type === 'message') this.renderHead();
  }

  onKey(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
    if (event.key === 'Escape') {
      if (this.about) this.begin(undefined, 'Message');
      else this.back();
    }
  }

  onInput() {
    if (!this.input.value || Date.now() - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = Date.now();
    this.ask('POST', 'typing', { to: this.chat, state: 'composing' });
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = '';
    this.typedAt = 0;
    const { edit, quoted } = this.about ?? {};
    this.about = undefined;
    this.input.placeholder = 'Message';
    const sent = edit
      ? await this.say({ kind: 'edit', target: edit, text })
      : await this.say({ kind: 'text', text, ...(quoted && { quoted }) });
    if (sent) this.thread.scrollTop = this.thread.scrollHeight;
    else if (!this.input.value) this.input.value = text;
  }

  async ask(method, path, body) {
    try {
      const answer = await api(method, `/phones/${this.phone}/${path}`, body);
      this.error.textContent = '';
      return answer;
    } catch (failure) {
      this.error.textContent = failure.message;
      return undefined;
    }
  }

  messages() {
    const all = [...(world.messages.get(this.phone)?.values() ?? [])];
    return all.filter((message) => message.chat === this.chat && !isAction(message));
  }

  /** What is looked at is read, as on any phone. */
  markRead() {
    if (document.hidden || !this.thread.isConnected) return;
    const unread = this.messages().some(({ fromMe, status }) => !fromMe && status !== 'read');
    if (unread) this.ask('POST', 'read', { chat: this.chat });
  }

  render() {
    this.renderHead();
    this.renderThread();
  }

  renderHead() {
    const { title, subtitle, group } = describeChat(this.phone, this.chat);
    const typing = this.view.typingText(this.chat);
    const had = this.head.contains(document.activeElement);
    this.head.replaceChildren(
      iconButton('back', 'Back to chats', this.back),
      el('span', { class: 'avatar' }, group ? icon('group') : initials(title)),
      el(
        'div',
        { class: 'who' },
        el('strong', {}, title),
        el('span', { class: typing ? 'typing' : '' }, typing ?? subtitle),
      ),
      el('span', { class: 'muted small' }, `as ${nameOf(this.phone)}`),
    );
    if (had) this.head.querySelector('button').focus();
  }

  renderThread() {
    const { scrollHeight, scrollTop, clientHeight } = this.thread;
    const atEnd = scrollHeight - scrollTop - clientHeight < 40;
    const all = this.messages();
    const rows = [];
    if (all.length > this.shown) rows.push(this.earlierButton());
    let day;
    let previous;
    for (const message of all.slice(-this.shown)) {
      const name = dayName(message.at);
      if (name !== day) rows.push(el('p', { class: 'day' }, name));
      rows.push(this.bubble(message, name === day ? previous : undefined));
      day = name;
      previous = message;
    }
    if (rows.length === 0) {
      rows.push(el('p', { class: 'empty' }, 'No messages yet. Say something.'));
    }
    this.thread.replaceChildren(...rows);
    if (atEnd) this.thread.scrollTop = this.thread.scrollHeight;
    else this.thread.scrollTop = scrollTop;
    this.markRead();
  }

  earlierButton() {
    const show = () => {
      const fromEnd = this.thread.scrollHeight - this.thread.scrollTop;
      this.shown += PAGE;
      this.renderThread();
      this.thread.scrollTop = this.thread.scrollHeight - fromEnd;
    };
    return el(
      'button',
      { type: 'button', class: 'button earlier', onclick: show },
      'Show earlier messages',
    );
  }

  bubble(message, previous) {
    const reactions = Object.values(message.reactions ?? {});
    const showAuthor =
      this.chat.endsWith('@g.us') && !message.fromMe && previous?.from !== message.from;
    const copies = message.deliveries > 1 ? `${message.deliveries} copies` : '';
    return el(
      'div',
      { class: `bubble-row${message.fromMe ? ' mine' : ''}${reactions.length ? ' reacted' : ''}` },
      el(
        'div',
        { class: 'bubble' },
        showAuthor && el('p', { class: 'author' }, nameOf(message.from)),
        above(message),
        message.media && !message.revoked && this.mediaOf(message),
        message.text && el('p', { class: 'text', dir: 'auto' }, message.text),
        kindBody(this.phone, message, (saying) => this.say(saying)),
        el(
          'p',
          { class: 'stamp' },
          copies,
          marks(message),
          el('time', { datetime: message.at }, timeOfDay(message.at)),
          message.fromMe && tick(message),
        ),
        reactions.length > 0 &&
          el('span', { class: 'reactions' }, [...new Set(reactions)].join('')),
      ),
      this.reactButton(message),
    );
  }

  /** Answer; and of what this phone wrote: edit, delete. */
  changeButtons({ id, fromMe, kind, text }, close) {
    const button = (word, work) => {
      const onclick = () => {
        close();
        work();
      };
      return el('button', { type: 'button', class: 'small', onclick }, word);
    };
    return [
      button('Answer', () => this.begin({ quoted: id }, `Answer to: ${text || kind}`)),
      fromMe && kind === 'text' && button('Edit', () => this.begin({ edit: id }, 'Edit', text)),
      fromMe && button('Delete', () => this.say({ kind: 'revoke', target: id })),
    ];
  }

  /** What is written next answers a message, or takes the place of one. */
  begin(about, placeholder, text = '') {
    this.about = about;
    this.input.placeholder = placeholder;
    this.input.value = text;
    this.input.focus();
  }

  async say(content) {
    return await this.ask('POST', 'messages', { to: this.chat, content });
  }

  /** Made once: drawn anew, a sound would end and a picture load again. */
  mediaOf(message) {
    const known = this.media.get(message.id);
    if (known) return known;
    const made = mediaBody(this.phone, message);
    this.media.set(message.id, made);
    return made;
  }

  reactButton(message) {
    const holder = el('div', { class: 'react' });
    const mine = message.reactions?.[this.phone];
    const react = (emoji) =>
      this.ask('POST', 'messages', { to: this.chat, reaction: { messageId: message.id, emoji } });
    const close = () => {
      holder.classList.remove('open');
      holder.querySelector('.emojis')?.remove();
    };
    const toggle = () => {
      if (holder.querySelector('.emojis')) return close();
      holder.classList.add('open');
      const choice = (emoji) =>
        el(
          'button',
          {
            type: 'button',
            'aria-label': emoji === mine ? `Take ${emoji} back` : `React with ${emoji}`,
            'aria-pressed': String(emoji === mine),
            onclick: () => {
              close();
              react(emoji === mine ? '' : emoji);
            },
          },
          emoji,
        );
      const more = message.revoked ? [] : this.changeButtons(message, close);
      holder.append(el('div', { class: 'emojis' }, EMOJIS.map(choice), more));
      return holder.querySelector('.emojis button').focus();
    };
    holder.append(iconButton('react', 'React, answer, change', toggle));
    holder.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') close();
    });
    holder.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget && !holder.contains(relatedTarget)) close();
    });
    return holder;
  }
}

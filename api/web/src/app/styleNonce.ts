/**
 * Style sheets made by this page's own scripts carry the nonce that came with it.
 *
 * Ant Design's are given it by its configuration, but small ones of the libraries below it (measuring a scroll
 * bar, locking the scroll behind a dialogue) are made without asking. Markup that somebody smuggles in makes no
 * element through here, and stays refused.
 */
export const STYLE_NONCE = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? ''

const create = Document.prototype.createElement

Document.prototype.createElement = function (this: Document, name: string, options?: ElementCreationOptions) {
  const made = create.call(this, name, options)
  if (made instanceof HTMLStyleElement) made.nonce = STYLE_NONCE
  return made
} as typeof create

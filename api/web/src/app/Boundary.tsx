import { Component, type ReactNode } from 'react'

interface Properties {
  fallback: ReactNode
  children: ReactNode
}

/** Shows `fallback` instead of a blank page where drawing fails. */
export class Boundary extends Component<Properties, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}

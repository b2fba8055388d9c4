import { useEffect, useRef, useState } from 'react'

import { filmUrl, pictureUrl } from '../api/client'
import type { Camera } from '../api/types'
import { useSpeech } from '../i18n/language'

const EVERY_MS = 1500

/**
 * A camera's picture with people outlined. A film holds a connection, and a browser has six for one server,
 * shared by all its tabs: so only a few films at once (`film`), the others as single pictures, and none in a
 * hidden tab.
 */
export function LivePicture({ camera, film }: { camera: Camera; film: boolean }) {
  const { t } = useSpeech()
  const shown = usePageShown()
  const there = camera.has_picture || camera.state === 'live'
  return (
    <figure>
      {there && shown && film && <Film camera={camera} />}
      {there && shown && !film && <Stills camera={camera} />}
      <figcaption className="small">{t('live.none')}</figcaption>
    </figure>
  )
}

function Film({ camera }: { camera: Camera }) {
  const picture = useRef<HTMLImageElement>(null)
  useEffect(() => {
    const element = picture.current
    if (!element) return
    element.src = filmUrl(camera.id)
    // A picture taken out of the page goes on loading until its address is gone.
    return () => element.removeAttribute('src')
  }, [camera.id])
  return <img ref={picture} alt={camera.name} />
}

function Stills({ camera }: { camera: Camera }) {
  const [stamp, setStamp] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setStamp(Date.now()), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return <img src={pictureUrl(camera.id, stamp)} alt={camera.name} />
}

function usePageShown(): boolean {
  const [shown, setShown] = useState(!document.hidden)
  useEffect(() => {
    const follow = () => setShown(!document.hidden)
    document.addEventListener('visibilitychange', follow)
    return () => document.removeEventListener('visibilitychange', follow)
  }, [])
  return shown
}

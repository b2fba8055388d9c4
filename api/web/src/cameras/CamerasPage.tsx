import { Empty } from 'antd'
import { Link } from 'react-router'

import { useCameras, useMay } from '../api/queries'
import type { Camera, CameraRecord } from '../api/types'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { duration } from '../time/duration'
import { dayAndClock, hallDate } from '../time/hallTime'
import { CameraStateTag } from './CameraStateTag'
import { LivePicture } from './LivePicture'

const FILMS = 2
/** The cameras' servers tell the time to the second. */
const CLOCK_OFF_S = 2
const BLIND = new Set(['stalled', 'dark', 'covered', 'frozen', 'blurred', 'moved', 'not_reporting', 'not_enabled'])

export default function CamerasPage() {
  const { t } = useSpeech()
  const cameras = useCameras()
  if (cameras.isPending) return <Loading />
  return (
    <div className="page">
      <header>
        <h1>{t('nav.cameras')}</h1>
        <a className="small" href="/api/v1/cameras/notice.pdf" download>{t('cameras.notice')}</a>
      </header>
      {cameras.isError && <Failure error={cameras.error} retry={() => void cameras.refetch()} />}
      {cameras.data?.length === 0 && (
        <div className="sheet">
          <Empty description={<><b>{t('cameras.empty')}</b><br />{t('cameras.empty.do')}</>} />
        </div>
      )}
      <div className="cameras">
        {cameras.data?.map((camera, index) => <CameraCard key={camera.id} camera={camera} film={index < FILMS} />)}
      </div>
    </div>
  )
}

/** Why it may watch, and whether somebody should ask again. */
function Record({ record }: { record: CameraRecord }) {
  const { t } = useSpeech()
  const { zone } = useNames()
  const overdue = record.review_by < hallDate(new Date(), zone)
  return (
    <div className="quiet">
      {t('cameras.record', { purpose: record.purpose, since: record.sign_since, by: record.approved_by })}{' '}
      <span className={overdue ? 'tag bad' : ''}>{t(overdue ? 'cameras.record.overdue' : 'cameras.record.review', { date: record.review_by })}</span>
    </div>
  )
}

function CameraCard({ camera, film }: { camera: Camera; film: boolean }) {
  const { t, language } = useSpeech()
  const names = useNames()
  const [maySee, mayCalibrate] = [useMay('pictures'), useMay('calibrate')]
  const heard = ({ state, since }: Camera) => {
    const time = since && dayAndClock(since, names.zone, language)
    if (state === 'not_reporting') return time ? t('cameras.lastHeard', { time }) : t('cameras.neverHeard')
    return time && t('cameras.since', { time })
  }
  return (
    <section className="sheet live" aria-label={camera.name}>
      <header>
        <b className="cut">{camera.name}</b>
        {mayCalibrate && <Link className="small" style={{ marginInlineStart: 'auto' }} to={`/cameras/${encodeURIComponent(camera.id)}/calibration`}>
          {t('calibration.open')}
        </Link>}
        <CameraStateTag state={camera.state} />
      </header>
      {maySee && <LivePicture camera={camera} film={film} />}
      <div className="small" style={{ marginTop: 6 }}>
        <div>
          <span className="quiet">{t('cameras.windows')} </span>
          {camera.windows.map(names.windowOf).join(' / ') || '–'}
        </div>
        <div className="quiet figures">
          {heard(camera)}
          {camera.state === 'live' && camera.analysed_fps !== null && ` · ${t('cameras.fps', { fps: camera.analysed_fps.toFixed(1) })}`}
        </div>
        {camera.clock_ahead_s !== null && Math.abs(camera.clock_ahead_s) > CLOCK_OFF_S && (
          <div>{t(camera.clock_ahead_s > 0 ? 'cameras.clock.ahead' : 'cameras.clock.behind', { by: duration(Math.abs(camera.clock_ahead_s), language) })}</div>
        )}
        {camera.record && <Record record={camera.record} />}
        {camera.detail && <div>{camera.detail}</div>}
        {BLIND.has(camera.state) && <div>{t('camera.unobserved')}</div>}
      </div>
    </section>
  )
}

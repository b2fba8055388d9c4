import { Link } from 'react-router'

import { useHall, useWholeHall } from '../api/queries'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useSpeech } from '../i18n/language'
import { clock } from '../time/hallTime'
import { HeatTable } from './HeatTable'
import { Legend } from './Legend'
import './dashboard.css'
import { useReviewing, useTable } from './figures'
import { gradeOf, CLASSES, percent } from './grades'

const EVERY_MS = 30_000

/**
 * Today on a large screen, fresh by itself. It shows windows and counts, no people and no pictures, so that it may
 * hang where the public sees it.
 */
export default function WallPage() {
  const { t, language } = useSpeech()
  const hall = useHall().data
  // Without dates: which day it is, is the server's to say; this screen's own clock may be wrong.
  const windows = useTable({ grain: 'hour', level: 'window' }, EVERY_MS)
  const answersForAll = useWholeHall()
  const whole = useTable({ grain: 'hour', level: answersForAll ? 'hall' : 'window' }, EVERY_MS)
  const waiting = useReviewing({}, EVERY_MS, answersForAll).data?.waiting
  const failed = [windows, whole].find((one) => one.isError && !one.data)
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />
  if (!windows.data || !whole.data || !hall) return <Loading />
  const total = whole.data.total
  const boxes = [
    [t('dashboard.compliance'), percent(total.compliance, t('dashboard.unobserved')), CLASSES[gradeOf(total)]],
    [t('dashboard.coverage'), percent(total.coverage, '–'), ''],
    [t('dashboard.confirmed'), total.confirmed, ''],
    [t('wall.waiting'), waiting?.pending ?? '–', ''],
  ] as const
  return (
    <div className="wall">
      <header>
        <h1>{t('wall.title', { hall: language === 'zh' ? hall.name : (hall.name_en ?? hall.name) })}</h1>
        <span className="quiet figures">{windows.data.to} · {t('wall.refreshed', { time: clock(new Date(windows.dataUpdatedAt).toISOString(), hall.time_zone) })}</span>
        <Link to="/dashboard">{t('wall.leave')}</Link>
      </header>
      <div className="wall-sums">
        {boxes.map(([name, value, grade]) => (
          <div key={name} className={grade}>
            <span>{name}</span>
            <b className="figures">{value}</b>
          </div>
        ))}
      </div>
      <div className="wall-heat"><HeatTable windows={windows.data} hall={answersForAll ? whole.data : undefined} /></div>
      <Legend />
    </div>
  )
}

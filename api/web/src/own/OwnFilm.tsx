import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'

import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'

/** The review copy of a confirmed event, fetched when somebody wants to see it: each look is written down. */
export function OwnFilm({ fetchFilm }: { fetchFilm: () => Promise<Blob> }) {
  const { t } = useSpeech()
  const film = useMutation({ mutationFn: fetchFilm })
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    if (!film.data) return
    const made = URL.createObjectURL(film.data)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [film.data])
  if (address) return <video className="ownfilm" src={address} controls autoPlay muted playsInline />
  return (
    <>
      <div><Button loading={film.isPending} onClick={() => film.mutate()}>{t('own.film')}</Button></div>
      {film.isError && <Failure error={film.error} />}
    </>
  )
}

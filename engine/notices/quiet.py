"""Quiet hours: mail waits until they end; the notice itself stands in the app at once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def after_quiet_hours(moment: datetime, start: time, end: time, zone: ZoneInfo) -> datetime:
    """`moment` itself outside of the quiet hours, else their end. They may run over midnight."""
    local = moment.astimezone(zone)
    clock = local.time()
    is_quiet = start <= clock < end if start <= end else clock >= start or clock < end
    if not is_quiet:
        return moment
    until = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    if until <= local:
        until += timedelta(days=1)
    return until.astimezone(UTC)

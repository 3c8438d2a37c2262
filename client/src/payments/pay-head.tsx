/** Stays in sight while somebody types, and with it the time; who does not see it hears of it from the order's own timer. */
export function PayHead({ title, left }: { title: string; left: string }) {
  return (
    <div className="pay-head">
      <h2 id="pay">{title}</h2>
      <span className="pay-left" aria-hidden="true">
        {left} left
      </span>
    </div>
  );
}
